"""The pooled correlation of the two sides within sessions, and its interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from alliancekit.stats.inference.clusters import FEWEST, Sums
from alliancekit.stats.inference.intervals import studentised
from alliancekit.stats.inference.resample import bootstrap, estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

    from alliancekit.stats.inference.resample import Plan

    Floats = NDArray[np.float64]
    Codes = NDArray[np.uint32]

PRODUCTS: Final = ("cov_pt", "var_p", "var_t")
"""Residual products and squares of a session's exchanges about their lines, as `alliancekit.sessions` gives them."""

NEEDED: Final = (*PRODUCTS, "congruence")
"""Columns of a session table without which there is no coupling."""


@dataclass(frozen=True, slots=True)
class Pooled:
    """Per scale: the pooled correlation and its interval, NaN where there is none."""

    value: Floats
    low: Floats
    high: Floats


def coupled(part: pl.DataFrame) -> NDArray[np.bool_]:
    """Which sessions of one scale have a congruence; none in a table without sums of exchanges."""
    if any(name not in part.columns for name in NEEDED):
        return np.zeros(part.height, dtype=np.bool_)
    return part["congruence"].is_not_null().to_numpy()


def pooled(parts: Sequence[pl.DataFrame], clusters: Codes, plan: Plan) -> Pooled:
    """Pool exchanges of all sessions: sum of cov_pt over the root of (sum of var_p times sum of var_t), per scale.

    A session's own correlation is biased towards 0 by its length; the ratio of sums is so only by the size of the
    whole group. Where the ratio of the two sides' SDs differs between sessions it lies below their mean
    correlation.

    The denominator is a geometric mean of two sums, which the bootstrap takes as an arithmetic one, scaled so that
    both terms are equal in the data: the estimate and its linear approximation (and so its cluster-robust standard
    error by the delta method) are the same, and what is resampled is a ratio of two sums.
    """
    columns = [_ratio(part, clusters) for part in parts]
    sums = Sums(*(np.ascontiguousarray(np.stack(side, axis=1)) for side in zip(*columns, strict=True))).only_present()
    value, error = estimates([sums]) if len(sums.sums) else np.full((2, len(parts)), np.nan)
    enough = (sums.clusters >= FEWEST) & (error > 0)
    if not enough.any():
        nothing = np.full(len(parts), np.nan)
        return Pooled(value, nothing, nothing)
    stars = bootstrap([sums], np.zeros(len(sums.sums), dtype=np.uint32), plan)
    low, high = studentised(value, error, stars, plan.confidence)
    low, high = (np.clip(np.where(enough, bound, np.nan), -1.0, 1.0) for bound in (low, high))
    return Pooled(value, low, high)


def _ratio(part: pl.DataFrame, clusters: Codes) -> tuple[Floats, Floats]:
    """Numerator and denominator of each cluster."""
    mine = coupled(part)
    count = int(clusters.max()) + 1
    if not mine.any():
        return np.zeros(count), np.zeros(count)
    products: list[Floats] = [part[name].to_numpy()[mine].astype(np.float64, copy=False) for name in PRODUCTS]
    shared, patient, therapist = (_summed(clusters[mine], values, count) for values in products)
    balance = (therapist.sum() / patient.sum()) ** 0.5
    return shared, (patient * balance + therapist / balance) / 2.0


def _summed(clusters: Codes, values: Floats, count: int) -> Floats:
    return np.bincount(clusters, weights=values, minlength=count).astype(np.float64, copy=False)
