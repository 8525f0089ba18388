"""Units that effects are measured in."""

from __future__ import annotations

import math

import polars as pl

from alliancekit import schema


def pooled_sd(table: pl.DataFrame) -> dict[str, float]:
    """SD of session role means per scale, both roles pooled about their own mean; one number for a whole call.

    Never the SD of something already standardised within role or condition: that would erase gaps.
    """
    # In the order of sessions, since the last bits of a variance depend on the order of its terms.
    stats = (
        table.sort(schema.SESSION_ID)
        .group_by(schema.SCALE, maintain_order=True)
        .agg(
            *[pl.col(f"{role}_mean").var().alias(role) for role in schema.ROLES],
            *[pl.col(f"{role}_mean").count().alias(f"n_{role}") for role in schema.ROLES],
        )
    )
    return {row[schema.SCALE]: _pooled(row) for row in stats.iter_rows(named=True)}


def _pooled(row: dict[str, float | None]) -> float:
    known = [(row[role] or 0.0, (row[f"n_{role}"] or 0.0) - 1.0) for role in schema.ROLES if row[role] is not None]
    freedom = sum(weight for _, weight in known)
    if freedom <= 0:
        return math.nan
    return math.sqrt(sum(variance * weight for variance, weight in known) / freedom)


def signed_root(value: float) -> float:
    """Root of the size with the sign kept, so that an unbiased square may be reported in units of the score."""
    return math.copysign(math.sqrt(abs(value)), value)


def ratio(top: float | None, bottom: float | None) -> float | None:
    """Divide; null where there is nothing to divide, or to divide by."""
    if top is None or bottom is None or not bottom > 0 or math.isnan(top):
        return None
    return top / bottom


def known(value: float) -> float | None:
    """NaN is a null in a table."""
    return None if math.isnan(value) else float(value)
