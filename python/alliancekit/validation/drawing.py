"""A figure with an interval: clusters are drawn again with replacement (Field and Welsh 2007)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from alliancekit.stats.inference.clusters import FEWEST, too_few

if TYPE_CHECKING:
    from alliancekit.stats.inference.resample import Plan

Floats = NDArray[np.float64]
Measure = Callable[[Floats], Floats]
"""From weights of sessions [replicates, sessions] to a figure for each replicate."""

UNDEFINED: Final = "does not vary, or too few sessions"
CHUNK: Final = 256


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, its percentile interval or the reason why there is none."""

    value: float | None
    low: float | None
    high: float | None
    note: str


def figure(measure: Measure, clusters: NDArray[np.uint32], plan: Plan) -> Figure:
    """Return the figure of `measure` with its interval over draws of clusters, numbered from 0."""
    n = int(clusters.max()) + 1
    (value,) = measure(np.ones((1, len(clusters))))
    if not np.isfinite(value):
        return Figure(None, None, None, UNDEFINED)
    if n < FEWEST:
        return Figure(float(value), None, None, f"no interval: {too_few(n)}")
    draws = np.concatenate([measure(weights[:, clusters]) for weights in _drawn(n, plan)])
    draws = draws[np.isfinite(draws)]
    if len(draws) < plan.resamples / 2:
        return Figure(float(value), None, None, f"no interval: in most draws it {UNDEFINED}")
    low, high = np.quantile(draws, [plan.alpha / 2, 1 - plan.alpha / 2])
    return Figure(float(value), float(low), float(high), "")


def _drawn(n: int, plan: Plan) -> list[Floats]:
    """Return how often each cluster is drawn, in chunks [replicates, clusters]."""
    chance = np.random.Generator(np.random.Philox(plan.seed))
    sizes = [min(CHUNK, plan.resamples - first) for first in range(0, plan.resamples, CHUNK)]
    return [chance.multinomial(n, np.full(n, 1 / n), size=size).astype(np.float64) for size in sizes]
