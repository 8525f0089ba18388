"""How the functions of this package take their table and their scales."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, ParameterError
from alliancekit.stats.reduction.labels import require

if TYPE_CHECKING:
    from collections.abc import Sequence

    Turns = pl.DataFrame | pl.LazyFrame

GAP = "gap"
_SESSION_MARKS = (schema.SESSION_ID, schema.SCALE, "patient_mean", "therapist_mean", GAP)


def is_session_table(columns: pl.Schema) -> bool:
    """Whether the table is a result of `alliancekit.sessions`."""
    return all(name in columns for name in _SESSION_MARKS)


def lazy(turns: object) -> pl.LazyFrame:
    """Take a DataFrame or LazyFrame."""
    if isinstance(turns, pl.DataFrame):
        return turns.lazy()
    if isinstance(turns, pl.LazyFrame):
        return turns
    raise ParameterError(f"turns must be a polars DataFrame or LazyFrame, not {type(turns).__name__}")


def scale_names(columns: pl.Schema, scales: Sequence[str] | None) -> list[str]:
    """Give the scales asked for, or the default ones that the table holds."""
    if scales is None:
        found = [name for name in schema.DEFAULT_SCALES if name in columns]
        if not found:
            raise ColumnError(f"no score columns: none of {', '.join(schema.DEFAULT_SCALES)} is in the table")
        return found
    if isinstance(scales, str) or not scales:
        raise ParameterError("scales must be a list of at least one column name")
    require(columns, scales)
    return list(dict.fromkeys(scales))


def choice(name: str, value: str, allowed: Sequence[str]) -> None:
    """Refuse a value that is not among the allowed ones."""
    if value not in allowed:
        raise ParameterError(f"{name} must be one of {', '.join(allowed)}; got {value!r}")
