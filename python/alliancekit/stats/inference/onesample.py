"""A mean over sessions with its interval and its p, per column of cluster sums.

The p is the larger of two: the sign-flip's, which is exact where the clusters' distribution is symmetric, and the
bootstrap-t's, which keeps its level where it is skewed and agrees with the interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alliancekit.stats.inference.clusters import FEW, FEWEST, too_few
from alliancekit.stats.inference.intervals import equal_tailed, studentised
from alliancekit.stats.inference.resample import bootstrap, estimates, sign_flip

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.inference.clusters import Sums
    from alliancekit.stats.inference.resample import Plan

    Floats = NDArray[np.float64]

NOTABLE_P = 0.01
"""A smallest attainable p above this is told."""


@dataclass(frozen=True, slots=True)
class Means:
    """Per column: mean, standard error, interval, p (NaN where there is none), clusters; and the smallest p.

    `stars` are the studentised replicates `[resamples, columns]`, for one-sided tests; none without any interval.
    """

    value: Floats
    error: Floats
    low: Floats
    high: Floats
    p: Floats
    clusters: NDArray[np.int64]
    smallest: float
    stars: Floats | None = None

    def note(self, column: int) -> str | None:
        """Say what limits the column's result."""
        return few_clusters(int(self.clusters[column]), float(self.error[column]), self.smallest)


def few_clusters(clusters: int, error: float, smallest: float) -> str | None:
    """Name the reason for a missing interval, or flag few clusters."""
    if clusters == 0:
        return "no session with both roles"
    if clusters < FEWEST:
        return f"no interval and no p: {too_few(clusters)}"
    if not error > 0:
        return "no interval and no p: clusters do not vary"
    if clusters >= FEW:
        return None
    note = f"few clusters ({clusters}): read with care"
    return f"{note}; smallest attainable p {smallest:.2g}" if smallest > NOTABLE_P else note


def means(sums: Sums, plan: Plan) -> Means:
    """Estimate the mean of each column; no interval and no p below six clusters."""
    sums = sums.only_present()
    clusters = sums.clusters
    value, error = estimates([sums])
    enough = (clusters >= FEWEST) & (error > 0)
    if not enough.any():
        nothing = np.full(value.shape, np.nan)
        return Means(value, error, nothing, nothing, nothing, clusters, np.nan)
    stars = bootstrap([sums], np.zeros(len(sums.sums), dtype=np.uint32), plan)
    low, high = studentised(value, error, stars, plan.confidence)
    test = sign_flip(sums, plan)
    p = np.maximum(test.p, equal_tailed(value, error, stars))
    low, high, p = (np.where(enough, numbers, np.nan) for numbers in (low, high, p))
    smallest = max(test.smallest, 2.0 / (plan.resamples + 1))
    return Means(value, error, low, high, p, clusters, smallest, stars)
