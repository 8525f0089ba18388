"""What a row has to say beside its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from alliancekit import schema
from alliancekit.stats.contrast.request import MISALIGNMENT
from alliancekit.stats.inference.clusters import FEW, FEWEST
from alliancekit.stats.inference.onesample import NOTABLE_P

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from alliancekit.stats.contrast.assignment import Assignment
    from alliancekit.stats.contrast.contrast import Contrast
    from alliancekit.stats.inference.clusters import Clusters

ARMS: Final = ("target", "reference")


@dataclass(frozen=True, slots=True)
class Call:
    """What is true of all rows: what clusters are, what is inside of them, sessions without a condition."""

    clusters: Clusters
    members: str
    unlabelled: int

    @classmethod
    def of(cls, clusters: Clusters, unknown: NDArray[np.bool_]) -> Call:
        """Read it off the table and the sessions of which it is not known whether they have the target."""
        named = schema.PATIENT_ID in clusters.table.columns and clusters.table[schema.PATIENT_ID].count() > 0
        return cls(clusters, "patient" if named else "session", int(np.count_nonzero(unknown)))

    def words(self) -> Iterator[str]:
        """Say so."""
        yield self.clusters.note
        if self.unlabelled:
            yield f"sessions left out, without a condition: {self.unlabelled}"


def note(result: Contrast, at: int, call: Call) -> str:
    """Join what limits the column, how its labels were permuted, and what is true of the whole call."""
    tested = not np.isnan(result.p[at])
    of_p = _of_p(result, call) if tested else ()
    return "; ".join([*_limits(result, at), *_of_measure(result, at), *of_p, *call.words()])


def _limits(result: Contrast, at: int) -> Iterator[str]:
    """Say why there is no interval, or that there are few clusters."""
    counts = {arm: int(clusters[at]) for arm, clusters in zip(ARMS, result.found.clusters, strict=True)}
    short = [
        f"{count} cluster{'' if count == 1 else 's'} in the {arm}" for arm, count in counts.items() if count < FEWEST
    ]
    few = [f"{count} in the {arm}" for arm, count in counts.items() if count < FEW]
    if result.arms.separated[at]:
        yield "no difference: the covariates tell the arms apart exactly"
    elif short:
        yield f"no interval and no p: {', '.join(short)}, {FEWEST} are needed"
    elif not result.found.error[at] > 0:
        yield "no interval and no p: clusters do not vary"
    elif few:
        yield f"few clusters ({', '.join(few)}): read with care"


def _of_measure(result: Contrast, at: int) -> Iterator[str]:
    """Say what the measure needs to be understood."""
    if result.arms.shown.columns[at][1] == MISALIGNMENT:
        yield "difference in squared units of the score"
    for arm, unsure in zip(ARMS, result.arms.unsure[at], strict=True):
        if unsure:
            yield f"which way the {arm} would close is not sure: the interval of its gap holds 0"
    if result.arms.lacking:
        yield f"sessions left out, without a covariate: {result.arms.lacking}"


def _of_p(result: Contrast, call: Call) -> Iterator[str]:
    """Say what labels were permuted, and how small p could have been, where that is not small."""
    if result.smallest > NOTABLE_P:
        yield f"smallest attainable p {result.smallest:.2g}"
    yield f"labels permuted: {', '.join(_levels(result.units, call))}"


def _levels(units: Assignment, call: Call) -> Iterator[str]:
    """Name the units that labels moved between, and in what."""
    cluster = call.clusters.level
    if units.blocks_of_patients:
        yield f"{call.members}s within {units.blocks_of_patients} {cluster}s"
    if units.blocks_of_sessions:
        yield f"sessions within {units.blocks_of_sessions} patients"
    if units.whole:
        yield f"{units.whole} sessions" if cluster == "session" else f"{units.whole} whole {cluster}s"
