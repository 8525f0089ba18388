"""Replicates in chunks: progress is told and Ctrl-C heard in between, and the result is the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from alliancekit import _native
from alliancekit.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from alliancekit.stats.inference.clusters import Sums

    Floats = NDArray[np.float64]
    Progress = Callable[[int, int], None]
    Chunk = tuple[int, int, int, int]

EXACT_LIMIT: Final = 4096
"""Sign patterns are enumerated up to this many, or up to `resamples`."""

_WORK: Final = 40_000_000
"""Additions in one chunk: a fraction of a second."""

_FEWEST: Final = 32
"""Replicates in a chunk for each thread: threads take groups of 16, and a chunk of one group keeps one thread busy."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much to resample, and with what certainty intervals hold."""

    resamples: int = 2000
    seed: int = 0
    threads: int | None = None
    confidence: float = 0.95
    progress: Progress | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if self.resamples < 99:  # noqa: PLR2004 - an interval at .95 needs its tails
            raise ParameterError(f"resamples must be at least 99; got {self.resamples}")
        if not 0 <= self.seed < 2**64:
            raise ParameterError(f"seed must be from 0 to 2^64 - 1; got {self.seed}")
        if self.threads is not None and self.threads < 1:
            raise ParameterError(f"threads must be at least 1; got {self.threads}")
        if not 0.5 <= self.confidence < 1.0:  # noqa: PLR2004 - less than an even chance is no confidence
            raise ParameterError(f"confidence must be from .5 to 1; got {self.confidence}")

    @property
    def alpha(self) -> float:
        """The share of intervals that may miss."""
        return 1.0 - self.confidence


def in_chunks(plan: Plan, total: int, work_each: int, run: Callable[[Chunk], Floats], columns: int) -> Floats:
    """Run `total` replicates chunk by chunk and stack them: `[total, columns]`."""
    size = max(_FEWEST * (plan.threads or _native.available_threads()), _WORK // max(work_each, 1))
    parts = []
    for first in range(0, total, size):
        count = min(size, total - first)
        parts.append(run((plan.seed, first, count, plan.threads or 0)).reshape(-1, columns))
        if plan.progress is not None:
            plan.progress(first + count, total)
    return np.concatenate(parts)


def estimates(arms: Sequence[Sums]) -> tuple[Floats, Floats]:
    """Mean of one arm or difference of two, and its cluster-robust standard error, per column."""
    with_nan = _native.cluster_estimates([(arm.sums, arm.weights) for arm in arms])
    value, error = with_nan.reshape(2, -1)
    return value, error


def bootstrap(arms: Sequence[Sums], strata: NDArray[np.uint32], plan: Plan) -> Floats:
    """Studentised statistics of resampled clusters: `[resamples, columns]`."""
    pairs = [(arm.sums, arm.weights) for arm in arms]
    columns = arms[0].sums.shape[1]
    width = 5 if len(arms) == 1 else 14
    work = arms[0].sums.size * width
    return in_chunks(
        plan, plan.resamples, work, lambda chunk: _native.bootstrap_studentised(pairs, strata, chunk), columns
    )


@dataclass(frozen=True, slots=True)
class Test:
    """p-values per column, and the smallest that the data could have given."""

    p: Floats
    smallest: float


def sign_flip(sums: Sums, plan: Plan) -> Test:
    """Two-sided p of no mean, by flipping the signs of clusters; exact where there are few."""
    count, columns = sums.sums.shape
    exact = 2**count <= max(plan.resamples, EXACT_LIMIT)
    total = 2**count if exact else plan.resamples
    drawn = in_chunks(
        plan,
        total,
        sums.sums.size * 2,
        lambda chunk: _native.signflip_studentised(sums.sums, sums.weights, exact, chunk),
        columns,
    )
    observed = _native.signflip_observed(sums.sums, sums.weights)
    reached = np.count_nonzero(drawn >= observed * (1.0 - 1e-9), axis=0)
    p = reached / total if exact else (reached + 1) / (total + 1)
    p[np.isnan(observed)] = np.nan
    return Test(p, 2.0 / total if exact else 1.0 / (total + 1))
