"""What a session is labelled with: condition, people, number, and any column that is constant within it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

KNOWN: Final = (schema.CONDITION, schema.PATIENT_ID, schema.THERAPIST_ID, schema.SESSION_NUMBER)
"""Labels that belong to a session by their meaning: one that varies within a session is an error."""

_OF_TURNS: Final = frozenset(
    {
        schema.SESSION_ID,
        schema.TURN_INDEX,
        schema.ROLE,
        schema.TEXT,
        schema.START_S,
        schema.END_S,
        schema.N_TOKENS,
        schema.TRUNCATED,
    }
)
_SEPARATOR: Final = "\x1f"


def candidates(columns: pl.Schema, scales: Iterable[str]) -> list[str]:
    """Columns that may be labels: not a turn's own, and of a type that can be compared."""
    taken = _OF_TURNS.union(scales)
    return [
        name
        for name, dtype in columns.items()
        if name not in taken and not name.endswith("_form") and _comparable(dtype)
    ]


def _comparable(dtype: pl.DataType) -> bool:
    if isinstance(dtype, pl.List):
        return dtype.inner == pl.String
    return not dtype.is_nested() and dtype not in (pl.Object, pl.Binary, pl.Null)


def of_sessions(turns: pl.DataFrame, first: pl.Series, names: Sequence[str]) -> pl.DataFrame:
    """One row per session: the label, and ``<label>:varies``. A null among values counts as another value."""
    starts = first.arg_true()
    columns = [turns[schema.SESSION_ID].gather(starts)]
    for name in names:
        values = turns[name]
        marks = _changes(values, first)
        if marks.any() and values.dtype == pl.List:
            marks = _changes(_canonical(values).list.join(_SEPARATOR), first)
        label = values.gather(starts)
        columns.append(_canonical(label) if values.dtype == pl.List else label)
        columns.append(_any_of_session(marks, first).alias(varies(name)))
    return pl.DataFrame(columns)


def _canonical(lists: pl.Series) -> pl.Series:
    """Take a list as a set: each value once, in order."""
    return lists.list.unique().list.sort()


def _changes(values: pl.Series, first: pl.Series) -> pl.Series:
    """Mark each turn whose label is not that of the turn before in its session."""
    return values.ne_missing(values.shift(1)) & ~first


def _any_of_session(marks: pl.Series, first: pl.Series) -> pl.Series:
    """Whether any turn of each session is marked."""
    starts = first.arg_true()
    if not marks.any():
        return pl.Series([False]).new_from_index(0, len(starts))
    marked = np.add.reduceat(marks.cast(pl.UInt32).to_numpy(), starts.to_numpy())
    return pl.Series(marked > 0)


def varies(name: str) -> str:
    """Name the column that tells whether a label varies within the session."""
    return f"{name}:varies"


def not_dropped(table: pl.DataFrame, names: Sequence[str], required: Sequence[str]) -> list[str]:
    """Give the names without those that vary, but with those that `settled` has to refuse."""
    return [name for name in names if _is_refused(name, required) or not table[varies(name)].any()]


def settled(table: pl.DataFrame, names: Sequence[str], required: Sequence[str]) -> pl.DataFrame:
    """Keep the labels that are constant in every session; refuse a required one that is not."""
    found = [name for name in names if name in table.columns]
    varying = [name for name in found if table[varies(name)].any()]
    for name in varying:
        if _is_refused(name, required):
            session = table.filter(pl.col(varies(name)))[schema.SESSION_ID][0]
            raise DataError(f"column {name!r} varies within session {session!r}; a session needs one value")
    kept = [name for name in found if name not in varying]
    return table.select(schema.SESSION_ID, *kept)


def _is_refused(name: str, required: Sequence[str]) -> bool:
    """Whether a label that varies is an error; any other one is left out."""
    return name in required or name in KNOWN


def require(columns: Iterable[str], names: Sequence[str]) -> None:
    """Refuse names that are not columns."""
    present = list(columns)
    for name in names:
        if name not in present:
            raise ColumnError(f"there is no column {name!r}; the table has {', '.join(sorted(present))}")
