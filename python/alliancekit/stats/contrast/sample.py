"""The numbers of a comparison as arrays: a row for each session, a column for each scale and measure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.stats.inference.clusters import CLUSTER, Sums, codes, session_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """Values (NaN where a session has none) and weights (0 there): float64 [sessions, columns].

    `clusters` and `patients` are codes of the session's cluster, and of its patient within that cluster; `target`
    tells the arms apart, and is all false until they are chosen.
    """

    columns: tuple[tuple[str, str], ...]
    values: Floats
    weights: Floats
    clusters: Codes
    patients: Codes
    target: Mask

    def only(self, kept: Mask, target: Mask) -> Sample:
        """Keep some sessions, and tell the arms apart."""
        clusters, patients = (np.unique(part[kept], return_inverse=True)[1] for part in (self.clusters, self.patients))
        return Sample(self.columns, self.values[kept], self.weights[kept], clusters, patients, target[kept])

    def with_values(self, values: Floats) -> Sample:
        """Take other values for the same sessions; a session without a value has no weight."""
        return replace(self, values=values, weights=np.where(np.isnan(values), 0.0, self.weights))

    def weighing_clusters_alike(self) -> Sample:
        """Give the sessions of each cluster and arm a total weight of 1 in each column."""
        weights = np.zeros_like(self.weights)
        for here in (self.target, ~self.target):
            groups, known = self.clusters[here], (self.weights[here] > 0).astype(np.float64)
            counts = sums_over(groups, known, known, self.n_clusters).weights
            weights[here] = known / np.maximum(counts[groups], 1.0)
        return replace(self, weights=weights)

    def centred(self) -> Sample:
        """Subtract the mean of both arms from each column: no difference changes, and large means cost no digits."""
        sums = sums_over(np.zeros(len(self.target), np.int64), self.values, self.weights, 1)
        return replace(self, values=self.values - sums.sums[0] / np.where(sums.weights[0] > 0, sums.weights[0], 1.0))

    def means(self, *, target: bool) -> Floats:
        """Weighted mean of one arm in each column; NaN where it has no value."""
        sums = self.arm(target=target)
        total, weight = sums.sums.sum(axis=0), sums.weights.sum(axis=0)
        means: Floats = np.divide(total, weight, out=np.full(len(self.columns), np.nan), where=weight > 0)
        return means

    def arm(self, *, target: bool) -> Sums:
        """Sum the sessions of one arm over clusters."""
        here = self.target == target
        return sums_over(self.clusters[here], self.values[here], self.weights[here], self.n_clusters)

    @property
    def n_clusters(self) -> int:
        """How many clusters there are in both arms."""
        return int(self.clusters.max(initial=-1)) + 1


def sums_over(groups: Codes, values: Floats, weights: Floats, count: int) -> Sums:
    """Weighted sums and weights over groups of sessions."""
    amounts = np.where(weights > 0, weights * values, 0.0)
    sides = (
        np.stack([np.bincount(groups, weights=one, minlength=count) for one in side.T], axis=1)
        for side in (amounts, weights)
    )
    sums, masses = (np.ascontiguousarray(side, dtype=np.float64) for side in sides)
    return Sums(sums, masses)


def aligned(parts: Sequence[pl.DataFrame]) -> Sequence[pl.DataFrame]:
    """Refuse scales that do not have the same sessions: arrays take them by their place."""
    for part in parts[1:]:
        if not part[schema.SESSION_ID].equals(parts[0][schema.SESSION_ID]):
            raise DataError("the session table lacks rows: each session needs one row for each scale")
    return parts


def sample(parts: Sequence[pl.DataFrame], values: Mapping[str, str], weight: str) -> Sample:
    """Take a column of values for each measure from the session tables of the scales."""
    first = parts[0]
    columns = tuple((part[schema.SCALE][0], measure) for part in parts for measure in values)
    numbers = np.stack([_floats(part, name) for part in parts for name in values.values()], axis=1)
    weights = np.stack([session_weights(part, weight) for part in parts for _ in values], axis=1)
    clusters = codes(first[CLUSTER]).astype(np.int64)
    nobody = np.zeros(first.height, dtype=np.bool_)
    return Sample(columns, numbers, weights, clusters, _patients(first, clusters), nobody).with_values(numbers)


def _floats(part: pl.DataFrame, name: str) -> Floats:
    return part[name].cast(pl.Float64).to_numpy()


def _patients(first: pl.DataFrame, clusters: Codes) -> Codes:
    """Number the patients within their clusters; a session without a patient is a patient of its own."""
    names = [pl.format("session {}", pl.col(schema.SESSION_ID))]
    if schema.PATIENT_ID in first.columns:
        names.insert(0, pl.format("patient {}", pl.col(schema.PATIENT_ID)))
    patients = codes(first.select(pl.coalesce(names).alias("patient"))["patient"]).astype(np.int64)
    return clusters * first.height + patients
