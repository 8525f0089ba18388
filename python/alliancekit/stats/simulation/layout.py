"""Who meets whom: sessions in dyads, dyads with therapists, how long each session is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.stats.simulation import checks, values
from alliancekit.stats.simulation.draws import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.simulation.plan import SimulationPlan

LAYOUT_STREAM = 0


@dataclass(frozen=True)
class Layout:
    """Codes of each session, int64 [sessions]: condition, dyad, therapist, number in its dyad, turns."""

    condition: NDArray[np.int64]
    dyad: NDArray[np.int64]
    therapist: NDArray[np.int64]
    number: NDArray[np.int64]
    turns: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.condition)


def lay_out(plan: SimulationPlan, seed: int) -> Layout:
    """Deal sessions to dyads and dyads to therapists, and draw the lengths."""
    generator = stream(seed, LAYOUT_STREAM)
    sessions = np.array(list(plan.conditions.values()), dtype=np.int64)
    dyads = -(-sessions // plan.sessions_per_dyad)
    condition = np.repeat(np.arange(len(sessions)), sessions)
    within = np.concatenate([np.arange(n) for n in sessions])
    dyad = np.repeat(np.cumsum(dyads) - dyads, sessions) + within // plan.sessions_per_dyad
    therapist = _therapists(plan, dyads, generator)[dyad]
    number = within % plan.sessions_per_dyad + 1
    return Layout(condition, dyad, therapist, number, _turns(plan, condition, generator))


def _therapists(plan: SimulationPlan, dyads: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
    """Deal dyads to therapists: the therapist of each dyad, int64 [dyads]."""
    if plan.therapists == "crossed":
        return generator.permutation(int(dyads.sum())) // plan.dyads_per_therapist
    therapists = -(-dyads // plan.dyads_per_therapist)
    within = np.concatenate([np.arange(n) for n in dyads]) // plan.dyads_per_therapist
    return np.asarray(np.repeat(np.cumsum(therapists) - therapists, dyads) + within, dtype=np.int64)


def _turns(plan: SimulationPlan, condition: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
    mean = plan.turns * values.per_condition(plan, plan.length_shift, 1.0)[condition]
    variance = np.log1p(plan.turns_cv**2)
    factor = np.exp(variance**0.5 * generator.standard_normal(len(condition)) - variance / 2)
    return np.asarray(np.maximum(np.rint(mean * factor), checks.MINIMUM_TURNS), dtype=np.int64)


def labels(plan: SimulationPlan, layout: Layout) -> pl.DataFrame:
    """Name the sessions' labels under their canonical names, a row per session."""
    names = pl.Series(list(plan.conditions), dtype=pl.String)
    return pl.DataFrame(
        {
            schema.SESSION_ID: _identifiers("s", np.arange(len(layout))),
            schema.CONDITION: names.gather(layout.condition),
            schema.PATIENT_ID: _identifiers("p", layout.dyad),
            schema.THERAPIST_ID: _identifiers("t", layout.therapist),
            schema.SESSION_NUMBER: layout.number,
        }
    )


def _identifiers(letter: str, codes: NDArray[np.int64]) -> pl.Series:
    """``s000042``: fixed width, so that sorting by name is sorting by code; short, so that Polars keeps it inline."""
    return letter + pl.Series(codes + 1).cast(pl.String).str.zfill(7)
