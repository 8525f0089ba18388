"""Which levels repeat: sessions within patients within therapists, as far as the data tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEPARATOR: Final = "\x1f"
LEVELS: Final = (schema.THERAPIST, schema.PATIENT, "session")
"""From the coarsest to the finest. A patient is a patient of one therapist (a dyad)."""


def with_levels(labels: pl.DataFrame) -> pl.DataFrame:
    """Give each session its unit at each known level, nested; without an id it is a unit of its own."""
    finer = pl.concat_str(pl.lit(LEVELS[2]), pl.col(schema.SESSION_ID), separator=_SEPARATOR)
    units = {LEVELS[2]: finer}
    for level, names in ((LEVELS[1], (schema.PATIENT_ID, schema.THERAPIST_ID)), (LEVELS[0], (schema.THERAPIST_ID,))):
        known = [name for name in names if name in labels.columns]
        if names[0] in known and labels[names[0]].null_count() < labels.height:
            finer = units[level] = _unit(level, known, finer)
    return labels.with_columns(unit.alias(level) for level, unit in units.items())


def _unit(level: str, names: Sequence[str], otherwise: pl.Expr) -> pl.Expr:
    parts = [pl.col(name).cast(pl.String).fill_null("") for name in names]
    unit = pl.concat_str(pl.lit(level), *parts, separator=_SEPARATOR)
    return pl.when(pl.col(names[0]).is_not_null()).then(unit).otherwise(otherwise)


def repeating(labels: pl.DataFrame) -> list[str]:
    """Name the levels that can be told apart, coarsest first; the last is always the session.

    A level of one unit says nothing of differences between units. Of two levels with the same units the coarser
    one's name stays.
    """
    counts: dict[str, int] = {level: labels[level].n_unique() for level in LEVELS if level in labels.columns}
    kept: list[str] = []
    for level in LEVELS[:-1]:
        told_apart = 1 < counts.get(level, 0) < counts[LEVELS[-1]]
        if told_apart and counts[level] not in [counts[other] for other in kept]:
            kept.append(level)
    return [*kept, LEVELS[-1]]
