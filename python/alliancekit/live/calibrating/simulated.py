"""A corpus in which nothing changes, simulated with what a small corpus is like: for limits that it cannot give."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.echo import ECHO
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.plan import SimulationPlan

if TYPE_CHECKING:
    from alliancekit.live.reference import Reference

SESSIONS: Final = 2000
_SHARES: Final = (0.0, 0.95)


def simulated_like(turns: pl.DataFrame, reference: Reference, seed: int) -> pl.DataFrame:
    """Simulate turn scores whose sessions are as long, as different and as correlated as those of `turns`.

    The scores are standardised: a reference without lengths of turns fits them.
    """
    lengths = turns.group_by(schema.SESSION_ID).len()["len"].to_numpy()
    sides = [side.usual for roles in reference.sides.values() for side in roles.values()]
    plan = SimulationPlan(
        {"simulated": SESSIONS},
        turns=max(4, round(float(np.mean(lengths)))),
        turns_cv=float(np.std(lengths) / np.mean(lengths)),
        icc=float(np.clip(np.mean([usual.level for usual in sides]), *_SHARES)),
        autocorrelation=float(np.mean([usual.correlation for usual in sides])),
        scales=tuple(f"scale{number}" for number in range(max(2, len(reference.scales) + 1))),
    )
    table = simulate(plan, seed=seed)
    names = dict(zip(plan.scales, (*reference.scales, ECHO), strict=False))
    answered = (pl.col(schema.ROLE) == schema.THERAPIST) & (pl.col(schema.ROLE).shift(1) == schema.PATIENT)
    renamed = table.drop(schema.TOTAL).rename(names).select(*_KEYS, *names.values())
    return renamed.with_columns(pl.when(answered).then(pl.col(ECHO)).alias(ECHO))


_KEYS: Final = (schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE)
