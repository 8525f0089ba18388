"""What the labels of conditions are assigned to: the units that they move between, and the blocks they stay in.

A cluster in which all sessions are in one arm is one unit; such clusters make up one block. In a cluster with both
arms the units are its patients, where each of them has one arm, and their block is the cluster. A patient with both
arms is a block, and the units in it are sessions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.contrast.sample import Sample

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Floats = NDArray[np.float64]

CLUSTER: Final = 0
PATIENT: Final = 1
SESSION: Final = 2


@dataclass(frozen=True, slots=True)
class Assignment:
    """Each session's unit; then for each unit, in the order of blocks, its block, cluster and arm.

    Labels move between `whole` clusters, between the patients of so many clusters, and between the sessions of so many
    patients.
    """

    unit: Codes
    blocks: Codes
    clusters: Codes
    target: Mask
    whole: int
    blocks_of_patients: int
    blocks_of_sessions: int

    @property
    def log_arrangements(self) -> float:
        """Natural logarithm of the number of ways to place the labels: a product of binomial coefficients."""
        n = np.bincount(self.blocks)
        k = np.bincount(self.blocks, weights=self.target).astype(np.int64)
        log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n.max(initial=0) + 1)))])
        return float(np.sum(log_factorial[n] - log_factorial[k] - log_factorial[n - k]))


def assignment(sample: Sample) -> Assignment:
    """Find the highest level at which each label is constant."""
    mixed_cluster = _mixed(sample.clusters, sample.target)
    mixed_patient = _mixed(sample.patients, sample.target)
    level = np.where(~mixed_cluster, CLUSTER, np.where(~mixed_patient, PATIENT, SESSION))
    sessions = np.arange(len(level))
    # Codes of a level start where those of the level above have ended; none is above the number of sessions.
    unit = level * len(level) + np.choose(level, [sample.clusters, sample.patients, sessions])
    block = np.choose(level, [0 * sessions, 1 + sample.clusters, 1 + len(level) + sample.patients])
    _, first, unit = np.unique(unit, return_index=True, return_inverse=True)
    order = np.argsort(block[first], kind="stable")
    place = np.argsort(order, kind="stable")
    first = first[order]
    target, of_unit = sample.target[first], level[first]
    counts = [len(np.unique(block[level == one])) for one in (PATIENT, SESSION)]
    return Assignment(place[unit], block[first], sample.clusters[first], target, _whole(of_unit, target), *counts)


def _whole(level: Codes, target: Mask) -> int:
    """Count the clusters that are units, if both labels are among them."""
    whole = level == CLUSTER
    return int(np.count_nonzero(whole)) if np.any(whole & target) and np.any(whole & ~target) else 0


def _mixed(groups: Codes, target: Mask) -> Mask:
    """Whether the session's group has sessions of both arms."""
    share = np.bincount(groups, weights=target) / np.maximum(np.bincount(groups), 1)
    mixed: Mask = ((share > 0) & (share < 1))[groups]
    return mixed
