"""Session means at the session's number in the treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError
from alliancekit.stats.sessions import session_table
from alliancekit.stats.trajectory.points import Points, U, side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.stats.inference.resample import Progress


def by_number(
    turns: pl.DataFrame | pl.LazyFrame,
    scales: Sequence[str] | None,
    by: Sequence[str],
    progress: Progress | None = None,
) -> Points:
    """Place the means of each session at its `session_number`; sessions without a number are left out, and counted."""
    table = session_table(turns, scales=scales, by=by, progress=progress)
    names = list(dict.fromkeys(scales)) if scales else table[schema.SCALE].unique(maintain_order=True).to_list()
    sessions = table.unique(schema.SESSION_ID, keep="first").sort(schema.SESSION_ID)
    known = _numbered(sessions)
    lacking = sessions.height - known.height
    note = f"{lacking} sessions without {schema.SESSION_NUMBER} are left out" if lacking else None
    return Points(known, _values(table, known, names), names, None, note)


def _numbered(sessions: pl.DataFrame) -> pl.DataFrame:
    """Keep the sessions that have a number; some must."""
    number = sessions.schema.get(schema.SESSION_NUMBER)
    if number is not None and number.is_numeric():
        known = sessions.filter(pl.col(schema.SESSION_NUMBER).cast(pl.Float64).is_finite())
        if sessions.is_empty() or not known.is_empty():
            return known
    raise ColumnError(
        f'over="session_number" needs a numeric label {schema.SESSION_NUMBER}, which the sessions lack: '
        'give every turn the number of its session in the treatment, or use over="u"'
    )


def _values(table: pl.DataFrame, sessions: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    values = sessions.select(schema.SESSION_ID, pl.col(schema.SESSION_NUMBER).cast(pl.Float64).alias(U))
    for name in names:
        means = [pl.col(f"{role}_mean").alias(side(name, role)) for role in schema.ROLES]
        part = table.filter(pl.col(schema.SCALE) == name).select(schema.SESSION_ID, *means)
        values = values.join(part, on=schema.SESSION_ID, how="left", maintain_order="left")
    return values
