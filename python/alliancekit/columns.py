"""Column mapping: the data's own column names to the canonical ones."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.errors import ColumnError, ParameterError
from alliancekit.labels import listing, nearest, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from alliancekit.place import Place

CANONICAL: Final = (
    *schema.REQUIRED_COLUMNS,
    schema.CONDITION,
    schema.PATIENT_ID,
    schema.THERAPIST_ID,
    schema.SESSION_NUMBER,
    schema.START_S,
    schema.END_S,
)
"""The names that a mapping may give to a column of the data."""


def rename(table: pl.DataFrame, columns: Mapping[str, str], *, require: Sequence[str], place: Place) -> pl.DataFrame:
    """Give the columns their canonical names.

    Args:
        table: the data as it came.
        columns: canonical name → name in the data.
        require: canonical names that must be there afterwards.
        place: where the table came from, for messages.

    Raises:
        ParameterError: a key of `columns` is no canonical name, or one column is given two names.
        ColumnError: a column is missing, or two columns would have one name.
    """
    check_mapping(columns)
    for canonical in dict.fromkeys((*columns, *require)):
        _check_present(table, canonical, columns, place)
    _check_no_clash(table, columns, place)
    return table.rename({name: canonical for canonical, name in columns.items()})


def check_mapping(columns: Mapping[str, str]) -> None:
    """Refuse a mapping with a key that is no canonical name, or with one column for two names.

    >>> check_mapping({"txt": "utterance"})
    Traceback (most recent call last):
    alliancekit.errors.ParameterError: 'txt' is no column name of alliancekit. Did you mean 'text'? Known: ...
    """
    for canonical in columns:
        if canonical not in CANONICAL:
            near = nearest(canonical, CANONICAL)
            hint = f" Did you mean '{near}'?" if near else ""
            raise ParameterError(
                f"{quoted(canonical)} is no column name of alliancekit.{hint} Known: {listing(CANONICAL)}. "
                "A mapping goes from the canonical name to the data's, as in columns={'text': 'utterance'}."
            )
    for name, times in Counter(columns.values()).items():
        if times > 1:
            raise ParameterError(f"The column {quoted(name)} is mapped to {times} names; copy it to map it twice.")


def _check_present(table: pl.DataFrame, canonical: str, columns: Mapping[str, str], place: Place) -> None:
    name = columns.get(canonical, canonical)
    if name not in table.columns:
        role = f" (mapped to '{canonical}')" if canonical in columns else ""
        raise ColumnError(
            f"{place.prefix}the column {quoted(name)}{role} is missing. "
            + _columns_there(table.columns, columns)
            + _how_to_map(canonical, name, [] if looks_headless(table.columns, columns) else table.columns)
        )


def _columns_there(names: Sequence[str], columns: Mapping[str, str]) -> str:
    if looks_headless(names, columns):
        return f"The {len(names)} column names look like data: is the header row missing? "
    return f"Columns there: {listing(names)}. "


def looks_headless(names: Sequence[str], columns: Mapping[str, str]) -> bool:
    """Tell whether the column names look like data.

    >>> looks_headless(["s1", "0", "Hello."], {}), looks_headless(["call", "said"], {})
    (True, False)
    """
    # Without a header row the names are a turn of the transcript, and quoting them would quote it.
    if not {columns.get(name, name) for name in (schema.ROLE, schema.TEXT)}.isdisjoint(names):
        return False
    return any(name.strip().isdecimal() or name.strip().casefold() in schema.ROLE_NAMES for name in names)


def _how_to_map(canonical: str, name: str, names: Sequence[str]) -> str:
    near = nearest(name, [other for other in names if quoted(other).startswith("'")])
    hint = f"Nearest: '{near}'. " if near else ""
    target = near or "NAME"
    return f'{hint}Map it with columns={{"{canonical}": "{target}"}} (command line: --map {canonical}={target}).'


def _check_no_clash(table: pl.DataFrame, columns: Mapping[str, str], place: Place) -> None:
    mapped = set(columns.values())
    for canonical, name in columns.items():
        if name != canonical and canonical in table.columns and canonical not in mapped:
            raise ColumnError(
                f"{place.prefix}mapping {quoted(name)} to '{canonical}' would make two columns of that name, since the "
                f"data has a column '{canonical}' too. Drop or rename one of them."
            )
