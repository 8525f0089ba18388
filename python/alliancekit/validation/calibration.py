"""How well a line through inferred scores foretells ratings of clusters that it was not fitted to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

FOLDS: Final = 10
LEAST: Final = 1e-12
"""Below this, what is left of rounding where ratings do not vary."""


def foretold(predictors: Floats, ratings: Floats, clusters: NDArray[np.uint32]) -> Floats:
    """Return each rating as foretold by least squares on the other folds' clusters, [sessions].

    NaN where there is one cluster only. `predictors` is [sessions, k]; clusters are numbered from 0, and the folds take
    them in turn.
    """
    count = int(clusters.max()) + 1
    if count == 1:
        return np.full(len(ratings), np.nan)
    folds = clusters % min(FOLDS, count)
    design = np.column_stack([np.ones(len(ratings)), predictors])
    found = np.empty(len(ratings))
    for fold in np.unique(folds):
        kept = folds != fold
        line, *_ = np.linalg.lstsq(design[kept], ratings[kept], rcond=None)
        found[~kept] = design[~kept] @ line
    return found


def explained(w: Floats, ratings: Floats, predicted: Floats) -> Floats:
    """Return 1 - squared error over squared distance to the mean, [replicates]: below 0 worse than the mean."""
    n = w.sum(axis=1)
    mean = (w @ ratings) / n
    total = w @ ratings**2 - n * mean**2
    error = w @ (ratings - predicted) ** 2
    found: Floats = np.divide(total - error, total, out=np.full_like(total, np.nan), where=total > LEAST)
    return found
