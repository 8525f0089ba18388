"""A role's mean, line, standard error and blocks in a session, from its sums.

The line is y = mid + slope * (u - .5) by (weighted) least squares. The standard error of the mean allows for
autocorrelation: one lag-1 correlation for each role and scale, pooled over all sessions, because a session's
own is too noisy to use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np
import polars as pl

from alliancekit.stats.reduction.turns import FIFTHS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Numbers = TypeVar("Numbers", "Floats", pl.Expr)

MIN_LINE: Final = 3
"""Turns of a role that a line needs."""

_STEPS: Final = 25
_NOTHING: Final = 1e-12


def role_table(sums: pl.DataFrame, role: str, scale: str) -> pl.DataFrame:
    """One row per session, in the order of `sums`: the role's statistics on `scale`, named without the two."""
    prefix = f"{role}:{scale}:"
    mine = [name for name in sums.columns if name.startswith(prefix)]
    table = _with_line(sums.select(pl.col(name).alias(name.removeprefix(prefix)) for name in mine))
    return table.with_columns(se=_standard_error(autocorrelation(table)))


def _ratio(top: pl.Expr, bottom: pl.Expr) -> pl.Expr:
    """Divide, with null where nothing is divided by nothing."""
    return pl.when(bottom > 0).then(top / bottom)


def _with_line(table: pl.DataFrame) -> pl.DataFrame:
    w, wx, wy = pl.col("w"), pl.col("wx"), pl.col("wy")
    sxx = pl.col("wxx") - _ratio(wx * wx, w)
    sxy = pl.col("wxy") - _ratio(wx * wy, w)
    syy = pl.col("wyy") - _ratio(wy * wy, w)
    has_line = (pl.col("n") >= MIN_LINE) & (sxx > _NOTHING * w)
    slope = pl.when(has_line).then(sxy / sxx)
    rest = syy - slope * sxy
    # What rounding leaves of constant scores is no variance.
    rest = pl.when(rest > _NOTHING * pl.col("wyy")).then(rest).when(rest.is_not_null()).then(0.0)
    return table.with_columns(
        mean=_ratio(wy, w),
        outer=_ratio(*(pl.col(f"early_edge_{kind}") + pl.col(f"late_edge_{kind}") for kind in ("wy", "w"))),
        inner=_ratio(pl.col("inner_wy"), pl.col("inner_w")),
        **{block: _ratio(pl.col(f"{block}_wy"), pl.col(f"{block}_w")) for block in FIFTHS},
        slope=slope,
        # Weighted squares on the scale of single turns.
        rest=rest * _ratio(pl.col("n"), w),
    ).with_columns(mid=pl.col("mean") - pl.col("slope") * _ratio(wx, w))


def autocorrelation(table: pl.DataFrame) -> float:
    """Lag-1 correlation of a role's successive turns about their line, pooled over sessions.

    From successive differences (von Neumann 1941), which no slow drift can inflate: E(step^2) = 2 s^2 (1 - r).
    The residual squares are short of n s^2 by 2 f(r) s^2, f the inflation of a mean; the two are solved together.
    """
    lines = table.filter(pl.col("rest").is_not_null() & (pl.col("steps") > 0))
    steps, squares, rest = (float(lines[name].sum() or 0.0) for name in ("steps", "step_squares", "rest"))
    if steps <= 0 or rest <= 0:
        return 0.0
    lengths, sessions = np.unique(lines["n"].to_numpy(), return_counts=True)
    correlation = 0.0
    for _ in range(_STEPS):
        freedom = float(sessions @ np.maximum(lengths - 2.0 * inflation(correlation, lengths), 1.0))
        correlation = min(max(1.0 - squares / (2.0 * steps) / (rest / freedom), -0.9), 0.95)
    return correlation


def inflation(correlation: float, n: Numbers) -> Numbers:
    """Variance of a mean of `n` turns of an AR(1) series over that of independent ones."""
    left = (1.0 + correlation) / (1.0 - correlation)
    return left - 2.0 * correlation * (1.0 - correlation**n) / (n * (1.0 - correlation) ** 2)


def _standard_error(correlation: float) -> pl.Expr:
    """Standard error of the role's mean: residual variance times the inflation."""
    factor = inflation(correlation, pl.col("n"))
    freedom = (pl.col("n") - 2.0 * factor).clip(1.0)
    share = _ratio(pl.col("ww"), pl.col("w") * pl.col("w"))
    return (pl.col("rest") / freedom * factor * share).sqrt()
