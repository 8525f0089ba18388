"""What is independent: therapist, else patient, else session; and sums over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CLUSTER: Final = "__cluster"
LEVELS: Final = ((schema.THERAPIST_ID, "therapist"), (schema.PATIENT_ID, "patient"), (schema.SESSION_ID, "session"))
"""Identifiers from the coarsest to the finest, and what a cluster is called then."""

FEW: Final = 20
FEWEST: Final = 6
"""Results from fewer than FEW clusters are flagged; below FEWEST there is no interval and no p."""


def too_few(clusters: int) -> str:
    """Say that an inference lacks clusters.

    >>> too_few(1)
    '1 cluster, 6 are needed'

    """
    return f"{clusters} cluster{'' if clusters == 1 else 's'}, {FEWEST} are needed"


@dataclass(frozen=True, slots=True)
class Clusters:
    """The session table with its clusters, and what to say about them."""

    table: pl.DataFrame
    level: str
    note: str


@dataclass(frozen=True, slots=True)
class Sums:
    """Weighted sums and weights over clusters: `[clusters, columns]` each, C-contiguous float64."""

    sums: Floats
    weights: Floats

    @property
    def clusters(self) -> NDArray[np.int64]:
        """How many clusters each column has."""
        counted: NDArray[np.int64] = np.count_nonzero(self.weights, axis=0)
        return counted

    def only_present(self) -> Sums:
        """Drop clusters without weight in any column."""
        kept = self.weights.any(axis=1)
        return Sums(self.sums[kept], self.weights[kept])


def with_clusters(table: pl.DataFrame) -> Clusters:
    """Give each session the coarsest cluster that the table knows; sessions without that id use the next finer one."""
    known = [
        (name, word) for name, word in LEVELS if name in table.columns and table[name].null_count() < table.height
    ] or [LEVELS[-1]]
    keys = [pl.concat_str(pl.lit(f"{word}\x1f"), pl.col(name).cast(pl.String)) for name, word in known]
    column, level = known[0]
    lacking = table.filter(pl.col(column).is_null()).select(pl.col(schema.SESSION_ID).n_unique()).item()
    note = f"clusters: {level}s"
    if lacking:
        note += f"; {lacking} sessions without {column} are clustered by {known[1][1]}"
    return Clusters(table.with_columns(pl.coalesce(keys).alias(CLUSTER)), level, note)


def codes(values: pl.Series) -> NDArray[np.uint32]:
    """Number the distinct values 0, 1, ... in their sorted order."""
    return (values.rank("dense") - 1).cast(pl.UInt32).to_numpy()


def per_scale(table: pl.DataFrame, scales: Sequence[str]) -> list[pl.DataFrame]:
    """Split the session table by scale, each part with the same sessions in the same order."""
    return [table.filter(pl.col(schema.SCALE) == scale).sort(schema.SESSION_ID) for scale in scales]


def session_weights(part: pl.DataFrame, weight: str) -> Floats:
    """Weights of sessions: 1, or the number of scored turns."""
    if weight == "turn":
        return (part["n_patient"] + part["n_therapist"]).cast(pl.Float64).to_numpy()
    return np.ones(part.height)


def cell_sums(
    parts: Sequence[pl.DataFrame], values: Sequence[str], groups: NDArray[np.uint32], count: int, weight: str
) -> Sums:
    """Sum the `values` of each scale over groups of sessions; column order: scale, then value.

    A session without a value adds nothing. With `weight="cluster"` a group weighs 1 whatever its size.
    """
    columns = [_column(part, value, groups, count, weight) for part in parts for value in values]
    sums, weights = (np.ascontiguousarray(np.stack(side, axis=1)) for side in zip(*columns, strict=True))
    return Sums(sums, weights)


def _column(
    part: pl.DataFrame, value: str, groups: NDArray[np.uint32], count: int, weight: str
) -> tuple[Floats, Floats]:
    known = part[value].is_not_null().to_numpy()
    numbers = part[value].to_numpy()[known].astype(np.float64)
    own = session_weights(part, weight)[known]
    total: Floats = np.bincount(groups[known], weights=own * numbers, minlength=count).astype(np.float64, copy=False)
    mass: Floats = np.bincount(groups[known], weights=own, minlength=count).astype(np.float64, copy=False)
    if weight == "cluster":
        present = mass > 0
        total = np.divide(total, mass, out=np.zeros(count), where=present)
        mass = present.astype(np.float64)
    return total, mass
