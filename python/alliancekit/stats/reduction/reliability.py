"""How much of what distinguishes sessions is not noise: split-half reliability, stepped up."""

from __future__ import annotations

from typing import Final

import polars as pl

from alliancekit.stats.reduction.turns import BLOCK_SHARE

MIN_SESSIONS: Final = 6
"""Sessions that a correlation over sessions needs."""


def stepped_up(correlation: pl.Expr, factor: float | pl.Expr) -> pl.Expr:
    """Spearman-Brown: the reliability of a measure `factor` times as long.

    Spearman, C. (1910); Brown, W. (1910). British Journal of Psychology 3. The formula has a pole among negative
    correlations, which are chance where halves measure the same; it is taken of the correlation's size, and the
    sign kept, so that chance goes as far below 0 as above.
    """
    return factor * correlation / (1.0 + (factor - 1.0) * correlation.abs())


def with_reliability(table: pl.DataFrame) -> pl.DataFrame:
    """Add `patient_reliability`, `therapist_reliability`, `gap_reliability`, one number a table each.

    The halves are the two separated blocks of a session, whose errors do not share autocorrelated noise as odd
    and even turns would. Null below six sessions, or where a half does not vary.
    """
    return table.with_columns(
        _reliability(table, side).alias(f"{side}_reliability") for side in ("patient", "therapist", "gap")
    )


def _reliability(table: pl.DataFrame, side: str) -> pl.Expr:
    halves = table.select(outer=f"{side}_outer", inner=f"{side}_inner").drop_nulls()
    nothing = pl.lit(None, dtype=pl.Float64)
    spread = [float(halves[name].std() or 0.0) for name in ("outer", "inner")]  # type: ignore[arg-type]
    if halves.height < MIN_SESSIONS or min(spread) == 0.0:
        return nothing
    correlation = halves.select(pl.corr("outer", "inner")).item()
    return stepped_up(pl.lit(correlation), 1.0 / BLOCK_SHARE)
