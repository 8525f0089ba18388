"""Pointwise intervals and simultaneous bands of curves, from one bootstrap of clusters.

A pointwise interval holds one point of the true curve with the stated confidence. A band holds the whole curve:
value ± c · se at every point, with c the quantile of the largest |t*| among the points of the curve over the
replicates (the sup-t band: Montiel Olea, J. L. & Plagborg-Møller, M. (2019). Simultaneous confidence bands: theory,
implementation, and an application to SVARs. Journal of Applied Econometrics 34(1), 1-17).

A replicate may lack a point (no cluster of it was drawn): its t* is not a number and counts as 0, it says nothing of
that point. Or all that was drawn is one cluster: its standard error is 0, t* is infinite, and counts as beyond any
bound. Where this is so in more replicates than the confidence leaves, an interval or band would be infinite; there is
none then.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from alliancekit.stats.inference.clusters import FEW, FEWEST, Sums, too_few
from alliancekit.stats.inference.intervals import studentised
from alliancekit.stats.inference.resample import bootstrap, estimates

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from alliancekit.stats.inference.resample import Plan

    Floats = NDArray[np.float64]

MOST: Final = 8_000_000
"""Numbers (clusters times columns) in one bootstrap, which holds seven times as many: 450 MB."""


@dataclass(frozen=True, slots=True)
class Bands:
    """Per column: mean, standard error, bounds (NaN where there are none), clusters and sessions."""

    value: Floats
    error: Floats
    low: Floats
    high: Floats
    band_low: Floats
    band_high: Floats
    clusters: NDArray[np.int64]
    sessions: NDArray[np.int64]

    def note(self, column: int) -> str | None:
        """Say what limits the column's result."""
        clusters = int(self.clusters[column])
        if clusters == 0:
            return "no session with a value here"
        if clusters < FEWEST:
            return f"no interval: {too_few(clusters)}"
        if not self.error[column] > 0:
            return "no interval: clusters do not vary"
        reasons = [f"few clusters ({clusters}): read with care"] if clusters < FEW else []
        if np.isnan(self.low[column]):
            reasons.append("no interval: too many replicates draw one cluster only")
        if np.isnan(self.band_low[column]):
            reasons.append("no band: too many replicates draw one cluster only at some point of the curve")
        return "; ".join(reasons) or None


def bands(sums: Sums, curves: int, plan: Plan) -> Bands:
    """Estimate each column with its interval, and the bands over the columns of each curve.

    Args:
        sums: Of clusters, all of which are resampled; the columns of a curve stand together.
        curves: How many curves; each has the same number of columns.
        plan: Of the bootstrap. The draws depend on the number of clusters and the seed alone, so that the result
            is the same whether curves are given together or one by one.
    """
    clusters = sums.clusters
    value, error = estimates([sums])
    enough = np.flatnonzero((clusters >= FEWEST) & (error > 0))
    low, high, critical = (np.full(value.shape, np.nan) for _ in range(3))
    if enough.size:
        stars = _replicates(sums, enough, plan)
        low[enough], high[enough] = studentised(value[enough], error[enough], stars, plan.confidence)
        per_curve = value.size // curves
        for curve in np.unique(enough // per_curve):
            mine = enough // per_curve == curve
            critical[enough[mine]] = largest(stars[:, mine], plan.confidence)
    half = critical * error
    low, high, band_low, band_high = (_finite(bound) for bound in (low, high, value - half, value + half))
    sessions = sums.weights.sum(axis=0).astype(np.int64)
    return Bands(value, error, low, high, band_low, band_high, clusters, sessions)


def largest(stars: Floats, confidence: float) -> float:
    """Give the quantile of the largest |t*| among the columns; what is not a number counts as 0."""
    size = np.abs(np.where(np.isnan(stars), 0.0, stars)).max(axis=1)
    return float(np.quantile(size, confidence, method="inverted_cdf"))


def _replicates(sums: Sums, columns: NDArray[np.int64], plan: Plan) -> Floats:
    """Studentised statistics of these columns, so many at a time that memory stays bounded."""
    count = len(sums.sums)
    strata = np.zeros(count, dtype=np.uint32)
    pieces = np.array_split(columns, -(-columns.size * count // MOST))
    return np.concatenate([bootstrap([_only(sums, piece)], strata, plan) for piece in pieces], axis=1)


def _only(sums: Sums, columns: Sequence[int] | NDArray[np.int64]) -> Sums:
    return Sums(np.ascontiguousarray(sums.sums[:, columns]), np.ascontiguousarray(sums.weights[:, columns]))


def _finite(bounds: Floats) -> Floats:
    return np.where(np.isfinite(bounds), bounds, np.nan)
