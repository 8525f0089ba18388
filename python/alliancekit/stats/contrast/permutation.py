"""The permutation test of a difference: labels move where they are assigned, the statistic is studentised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from alliancekit import _native
from alliancekit.stats.contrast.sample import sums_over
from alliancekit.stats.contrast.tails import Tails, tails
from alliancekit.stats.inference.resample import in_chunks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.contrast.assignment import Assignment
    from alliancekit.stats.contrast.sample import Sample
    from alliancekit.stats.inference.clusters import Sums
    from alliancekit.stats.inference.resample import Chunk, Plan

    Floats = NDArray[np.float64]


def permutation(sample: Sample, units: Assignment, plan: Plan, *, equal: bool) -> Tails:
    """Compare the studentised difference with those of permuted labels (Janssen 1997; Chung & Romano 2013)."""
    sums = sums_over(units.unit, sample.values, sample.weights, len(units.target))
    observed = _statistics(sums, units, (plan.seed, 0, 0, plan.threads or 0), equal=equal)
    columns = len(observed)
    drawn = in_chunks(
        plan,
        plan.resamples,
        sums.sums.size,
        lambda chunk: _statistics(sums, units, chunk, equal=equal)[columns:],
        columns,
    )
    return tails(observed, drawn)


def about_blocks(sample: Sample, units: Assignment) -> Floats:
    """Subtract from each value the mean of its block, which no permutation of labels in the block changes.

    It would shift the differences of all permutations alike, which are then not centred at 0 as the statistic is.
    """
    blocks = units.blocks[units.unit]
    sums = sums_over(blocks, sample.values, sample.weights, int(blocks.max(initial=-1)) + 1)
    means = sums.sums / np.where(sums.weights > 0, sums.weights, 1.0)
    values: Floats = sample.values - means[blocks]
    return values


def _statistics(sums: Sums, units: Assignment, chunk: Chunk, *, equal: bool) -> Floats:
    """Statistics of the labels as they are, then of a chunk of permutations, flat."""
    clusters, blocks = units.clusters.astype(np.uint32), units.blocks.astype(np.uint32)
    cells = (sums.sums, sums.weights)
    return _native.permutation_studentised(cells, clusters, blocks, units.target, chunk, equal=equal)
