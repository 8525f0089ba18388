"""What a session is labelled with: condition, people, number, and any column that is constant within it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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


def per_session(turns: pl.LazyFrame, columns: pl.Schema, names: Sequence[str]) -> pl.LazyFrame:
    """One row per session: the label, and ``<label>:varies``. A null among values counts as another value."""
    aggregates = [expr for name in names for expr in _constant(name, columns[name])]
    return turns.group_by(schema.SESSION_ID).agg(aggregates).sort(schema.SESSION_ID)


def _constant(name: str, dtype: pl.DataType) -> list[pl.Expr]:
    values = pl.col(name)
    if isinstance(dtype, pl.List):
        values = values.list.unique().list.sort()
        compared = values.list.join(_SEPARATOR)
        label = values.first()
    else:
        compared = values.to_physical() if dtype in (pl.Categorical, pl.Enum) else values
        label = values.drop_nulls().first()
    some_null = compared.null_count().is_between(1, pl.len() - 1)
    return [
        label.alias(name),
        ((compared.min() != compared.max()).fill_null(value=False) | some_null).alias(f"{name}:varies"),
    ]


def settled(table: pl.DataFrame, names: Sequence[str], required: Sequence[str]) -> pl.DataFrame:
    """Keep the labels that are constant in every session; refuse a required one that is not."""
    varying = [name for name in names if table[f"{name}:varies"].any()]
    for name in varying:
        if name in required or name in KNOWN:
            session = table.filter(pl.col(f"{name}:varies"))[schema.SESSION_ID][0]
            raise DataError(f"column {name!r} varies within session {session!r}; a session needs one value")
    kept = [name for name in names if name not in varying]
    return table.select(schema.SESSION_ID, *kept)


def require(columns: Iterable[str], names: Sequence[str]) -> None:
    """Refuse names that are not columns."""
    present = list(columns)
    for name in names:
        if name not in present:
            raise ColumnError(f"there is no column {name!r}; the table has {', '.join(sorted(present))}")
