"""Values at points to sums over clusters, a column per point of a curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.stats.inference.clusters import CLUSTER, Sums, codes
from alliancekit.stats.trajectory.points import GAP, U, side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Cells:
    """A group's values, and in which cell of clusters by points each row belongs."""

    values: pl.DataFrame
    cell: NDArray[np.int64]
    clusters: int
    grid: Floats


def cells(part: pl.DataFrame, scales: Sequence[str], grid: Sequence[float] | None) -> Cells:
    """Number clusters and points of a group; clusters without any value do not count."""
    sides = [side(scale, role) for scale in scales for role in schema.ROLES]
    points = np.unique(part[U].to_numpy()) if grid is None else np.asarray(grid)
    scored = part.filter(pl.any_horizontal(pl.col(sides).is_not_null()))
    cluster = codes(scored[CLUSTER]).astype(np.int64)
    count = int(cluster.max()) + 1 if scored.height else 0
    place = np.searchsorted(points, scored[U].to_numpy())
    return Cells(scored, cluster * len(points) + place, count, points)


def curve_sums(among: Cells, scale: str, curves: Sequence[str]) -> Sums:
    """Sums and numbers of sessions of each cluster; column order: curve, then point.

    A session weighs 1 in each cell in which it has a value.
    """
    columns = [_curve(among, _values(among.values, scale, curve)) for curve in curves]
    sums, weights = (np.concatenate(side, axis=1) for side in zip(*columns, strict=True))
    return Sums(sums, weights)


def _values(table: pl.DataFrame, scale: str, curve: str) -> pl.Series:
    patient, therapist = (table[side(scale, role)] for role in schema.ROLES)
    if curve == GAP:
        return therapist - patient
    return patient if curve == schema.PATIENT else therapist


def _curve(among: Cells, values: pl.Series) -> tuple[Floats, Floats]:
    known = values.is_not_null().to_numpy()
    cell, shape = among.cell[known], (among.clusters, len(among.grid))
    size = shape[0] * shape[1]
    numbers = values.drop_nulls().to_numpy()
    # Without rows numpy counts in whole numbers.
    sums = np.bincount(cell, weights=numbers, minlength=size).astype(np.float64, copy=False)
    weights = np.bincount(cell, minlength=size).astype(np.float64)
    return sums.reshape(shape), weights.reshape(shape)
