"""The canonical turn table: any table of turns in, one spelling of it out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

import polars as pl

from alliancekit import schema
from alliancekit.columns import rename
from alliancekit.errors import ColumnError, DataError, ParameterError
from alliancekit.place import Place
from alliancekit.roles import map_roles

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

KEY: Final = (schema.SESSION_ID, schema.TURN_INDEX)
STRINGS: Final = (pl.String, pl.Categorical, pl.Enum)


class ArrowStream(Protocol):
    """A table that exports itself through the Arrow PyCapsule interface: polars, pyarrow, pandas and others."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the table as a PyCapsule of an ArrowArrayStream."""


TurnTable: TypeAlias = pl.DataFrame | pl.LazyFrame | ArrowStream


def canonical_turns(
    frame: TurnTable,
    *,
    columns: Mapping[str, str] | None = None,
    roles: Mapping[str, str] | None = None,
    require: Sequence[str] = tuple(schema.REQUIRED_COLUMNS),
    place: Place | None = None,
) -> pl.DataFrame:
    """Give the canonical turn table (a row per turn); the caller's data is left as it is.

    Args:
        frame: anything with ``__arrow_c_stream__``, or a LazyFrame, which is collected.
        columns: canonical name → name in the data, e.g. ``{"text": "utterance_text"}``.
        roles: name in the data → `patient` or `therapist`, over the names of `schema.ROLE_NAMES`.
        require: canonical columns that must be there; those of `schema.REQUIRED_COLUMNS` by default.
        place: the file and rows that the table came from, named in messages.

    Returns:
        The same rows and columns, renamed. `session_id` String or integer and `turn_index` integer, as they came;
        `role` String, `patient` or `therapist`; `text` String with nulls; a Categorical or Enum among them becomes
        String. Any other column is untouched. The rows keep their order; those of a LazyFrame, which has none, are
        sorted by `session_id` and `turn_index`.

    Raises:
        ParameterError: `frame`, `columns` or `roles` is not of the form above.
        ColumnError: a column is missing, named twice or of the wrong type.
        RoleError: a role is null or unknown.
        DataError: a session_id or turn_index is null, or a turn stands there twice.

    >>> talk = pl.DataFrame({"session_id": ["a"], "turn_index": [0], "role": ["Client"], "said": ["Hello."]})
    >>> canonical_turns(talk, columns={"text": "said"}).row(0)
    ('a', 0, 'patient', 'Hello.')
    """
    place = place or Place()
    table = rename(_as_table(frame, place), columns or {}, require=require, place=place)
    table = table.with_columns(_canonical(table[name], roles or {}, place) for name in table.columns)
    if set(KEY) <= set(table.columns):
        _refuse_repeated(table, place)
        table = table.sort(KEY) if isinstance(frame, pl.LazyFrame) else table
    return table


def _as_table(frame: TurnTable, place: Place) -> pl.DataFrame:
    if isinstance(frame, pl.DataFrame):
        return frame
    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    if not hasattr(frame, "__arrow_c_stream__"):
        raise ParameterError(
            f"A table of turns is a polars, pyarrow or pandas table, or another with __arrow_c_stream__, "
            f"not {type(frame).__name__}."
        )
    try:
        return pl.DataFrame(_CapsuleOnly(frame))
    except pl.exceptions.DuplicateError:
        raise ColumnError(f"{place.prefix}two columns have one name. Rename one of them.") from None


class _CapsuleOnly:
    """Shows nothing but the capsule, so that polars takes this way for pandas too and imports nothing."""

    def __init__(self, table: ArrowStream) -> None:
        self._table = table

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)


def canonical_keys_and_text(table: pl.DataFrame, place: Place) -> pl.DataFrame:
    """Give a table whose columns have canonical names those types, the roles aside, which may still be names.

    Raises:
        ColumnError: a column is of the wrong type.
        DataError: a session_id or turn_index is null.

    """
    return table.with_columns(_canonical(table[name], {}, place) for name in table.columns if name != schema.ROLE)


def _canonical(column: pl.Series, roles: Mapping[str, str], place: Place) -> pl.Series:
    match column.name:
        case schema.SESSION_ID:
            return _session_id(column, place)
        case schema.TURN_INDEX:
            return _turn_index(column, place)
        case schema.ROLE:
            return map_roles(column, roles, place)
        case schema.TEXT:
            return _text(column, place)
        case _:
            return column


def _session_id(column: pl.Series, place: Place) -> pl.Series:
    if column.dtype not in STRINGS and not column.dtype.is_integer():
        raise _wrong_type(column, "strings or integers", place)
    _refuse_null(column, place)
    return column if column.dtype.is_integer() else column.cast(pl.String)


def _turn_index(column: pl.Series, place: Place) -> pl.Series:
    if not column.dtype.is_integer():
        raise _wrong_type(column, "integers, the turn's position in its session", place)
    _refuse_null(column, place)
    return column


def _text(column: pl.Series, place: Place) -> pl.Series:
    # A file whose turns are all empty has a text column without a type; that is no mistake of type.
    if column.dtype not in (*STRINGS, pl.Null):
        raise _wrong_type(column, "strings", place)
    return column.cast(pl.String)


def _wrong_type(column: pl.Series, wanted: str, place: Place) -> ColumnError:
    name = column.name
    return ColumnError(
        f"{place.prefix}the column '{name}' holds {column.dtype}, and should hold {wanted}. Convert it, or map "
        f'another column with columns={{"{name}": "NAME"}} (command line: --map {name}=NAME).'
    )


def _refuse_null(column: pl.Series, place: Place) -> None:
    missing = column.is_null()
    if missing.any():
        raise DataError(
            f"{place.prefix}the column '{column.name}' is empty in {missing.sum()} of {len(column)} {place.unit}s, "
            f"first in {place.unit} {place.row(missing.arg_max() or 0)}. Fill it in, or leave the rows out."
        )


def first_repeated(table: pl.DataFrame) -> tuple[int, int, int] | None:
    """Find turns that stand more than once in a canonical table.

    Returns:
        Number of such rows and the 0-based positions of the first two of one turn; None when there is none.

    >>> first_repeated(pl.DataFrame({"session_id": ["a", "b", "a"], "turn_index": [0, 0, 0]}))
    (2, 0, 2)
    """
    repeated = table.select(KEY).is_duplicated()
    if not repeated.any():
        return None
    first = repeated.arg_max() or 0
    twins = table.select(KEY).with_row_index().join(table[first].select(KEY), on=KEY)["index"].sort()
    return int(repeated.sum()), int(twins[0]), int(twins[1])


def _refuse_repeated(table: pl.DataFrame, place: Place) -> None:
    repeated = first_repeated(table)
    if repeated is None:
        return
    count, first, second = repeated
    raise DataError(
        f"{place.prefix}{count} of {table.height} {place.unit}s share their session_id and turn_index with another, "
        f"first {place.unit}s {place.row(first)} and {place.row(second)}. A turn stands in one row: drop the repeated "
        "rows, or map session_id and turn_index to columns that tell the turns apart."
    )
