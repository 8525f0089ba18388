"""Shrunken session gaps: what to rank sessions by."""

from __future__ import annotations

from statistics import NormalDist
from typing import Final

import polars as pl

_Z: Final = NormalDist().inv_cdf(0.975)
_MIN: Final = 3


def with_shrunken(table: pl.DataFrame) -> pl.DataFrame:
    """Add `gap_shrunken`, `shrunken_low`, `shrunken_high`: empirical Bayes towards the table's mean gap.

    With session gaps g_i of standard error s_i, the variance between sessions is tau^2 = max(0, var(g) -
    mean(s^2)) and the estimate m + B_i (g_i - m), B_i = tau^2 / (tau^2 + s_i^2), its variance B_i s_i^2 (Efron &
    Morris 1975, JASA 70) plus (1 - B_i)^2 var(g) / n for the mean's own uncertainty. Null without a standard error.
    """
    known = table.select("gap", "gap_se").drop_nulls()
    if known.height < _MIN:
        nothing = pl.lit(None, dtype=pl.Float64)
        return table.with_columns(gap_shrunken=nothing, shrunken_low=nothing, shrunken_high=nothing)
    mean, variance = known.select(pl.col("gap").mean().alias("mean"), pl.col("gap").var().alias("variance")).row(0)
    noise = known.select(pl.col("gap_se").pow(2).mean()).item()
    between = max(0.0, variance - noise)
    own = pl.col("gap_se").pow(2)
    share = pl.when(between + own > 0).then(between / (between + own)).when(own.is_not_null()).then(1.0)
    shrunken = mean + share * (pl.col("gap") - mean)
    half = _Z * (share * own + (1.0 - share).pow(2) * variance / known.height).sqrt()
    return table.with_columns(gap_shrunken=shrunken, shrunken_low=shrunken - half, shrunken_high=shrunken + half)
