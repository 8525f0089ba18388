"""Resampling over sessions as it is usually written: numpy indexing, one replicate after the other."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]


@dataclass(slots=True)
class Clock:
    """Processor seconds that what is left out would take: another process's load does not move them."""

    left_out: float = 0.0

    def some(self, one: Callable[[], Floats], *, done: int, of: int) -> Floats:
        """Compute the first of so many replicates, one after the other."""
        start = time.process_time()
        drawn = np.stack([one() for _ in range(done)])
        self.left_out += (time.process_time() - start) * (of / done - 1)
        return drawn


@dataclass(slots=True)
class Draws:
    """How many replicates are drawn, of how many, from what generator, and on what clock."""

    done: int
    of: int
    rng: np.random.Generator
    clock: Clock

    def each(self, one: Callable[[], Floats]) -> Floats:
        """Compute replicates, as `Clock.some`."""
        return self.clock.some(one, done=self.done, of=self.of)


def mean_and_error(values: Floats, clusters: Codes) -> tuple[Floats, Floats]:
    """Mean of each column and its cluster-robust standard error; a NaN is left out."""
    known = ~np.isnan(values)
    filled, weights = np.where(known, values, 0.0), known.astype(float)
    mean = filled.sum(axis=0) / weights.sum(axis=0)
    residuals = np.where(known, values - mean, 0.0)
    count = int(clusters.max()) + 1
    sums = np.stack([np.bincount(clusters, column, count) for column in residuals.T], axis=1)
    factor = count / (count - 1)
    return mean, np.sqrt(factor * (sums**2).sum(axis=0)) / weights.sum(axis=0)


def bootstrap_t(values: Floats, clusters: Codes, draws: Draws) -> Floats:
    """Draw whole clusters, take their sessions, and studentise: [count, columns]."""
    order = np.argsort(clusters, kind="stable")
    members = np.split(order, np.cumsum(np.bincount(clusters))[:-1])
    mean, _ = mean_and_error(values, clusters)

    def one() -> Floats:
        drawn = [members[cluster] for cluster in draws.rng.integers(0, len(members), len(members))]
        rows = np.concatenate(drawn)
        again = np.repeat(np.arange(len(drawn)), [len(rows) for rows in drawn])
        star, error = mean_and_error(values[rows], again)
        return (star - mean) / error

    return draws.each(one)


def sign_flips(values: Floats, clusters: Codes, draws: Draws) -> Floats:
    """Flip the signs of whole clusters: |t| of each replicate and column."""
    groups = int(clusters.max()) + 1

    def one() -> Floats:
        signs = draws.rng.choice([-1.0, 1.0], groups)[clusters]
        mean, error = mean_and_error(values * signs[:, None], clusters)
        return np.abs(mean / error)

    return draws.each(one)


def welch(values: Floats, clusters: Codes, target: NDArray[np.bool_]) -> Floats:
    """Difference of two groups of clusters over its cluster-robust standard error."""
    sides = [
        mean_and_error(values[side], np.unique(clusters[side], return_inverse=True)[1]) for side in (target, ~target)
    ]
    (mean, error), (other, other_error) = sides
    return (mean - other) / np.sqrt(error**2 + other_error**2)


def permutations(values: Floats, clusters: Codes, target: NDArray[np.bool_], draws: Draws) -> Floats:
    """Permute the labels of whole clusters."""
    labels = np.zeros(int(clusters.max()) + 1, dtype=bool)
    labels[clusters] = target
    return draws.each(lambda: welch(values, clusters, draws.rng.permutation(labels)[clusters]))


def interval(values: Floats, clusters: Codes, stars: Floats) -> Floats:
    """Bootstrap-t interval at .95: [2, columns]."""
    mean, error = mean_and_error(values, clusters)
    high, low = np.quantile(stars, [0.025, 0.975], axis=0)
    return np.stack([mean - low * error, mean - high * error])
