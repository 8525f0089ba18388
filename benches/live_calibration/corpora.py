"""Simulated corpora: nothing changes in them, or the patient's side falls, or answers begin to echo."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from benches.calibration.tables import short

from alliancekit import schema
from alliancekit.echo import ECHO
from alliancekit.live import build_reference
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.plan import SimulationPlan

if TYPE_CHECKING:
    from alliancekit.live.reference import Reference

ICC: Final = (0.0, 0.1, 0.3)
AUTOCORRELATION: Final = (0.0, 0.3, 0.5)
SHORT_SHARE: Final = 0.4
SHORT_SCALE: Final = 0.6
SHORT_SHIFT: Final = 0.3
"""Short turns, where there are any: how many, and how their scores differ. In SD of a turn."""
SHORT_TOKENS: Final = 4


@dataclass(frozen=True, slots=True)
class Setting:
    """What sessions are like."""

    icc: float
    autocorrelation: float
    short_turns: bool

    @property
    def shown(self) -> list[str]:
        """The setting's cells in a table."""
        return [short(self.icc), short(self.autocorrelation), "40 %" if self.short_turns else "none"]

    @property
    def _first_seed(self) -> int:
        """Seeds of settings lie apart, so that they do not scatter together."""
        return 1000 * round(1e6 * self.icc + 1e3 * self.autocorrelation + self.short_turns)

    def corpus(self, sessions: int, seed: int, *, turns: int = 60, fall: float = 0.0, at: int = 0) -> pl.DataFrame:
        """Simulate turn scores with an echo; from turn `at` on the patient's side is `fall` SD lower, echo higher."""
        plan = SimulationPlan(
            {"simulated": sessions},
            turns=turns,
            turns_cv=0.0 if fall else 0.3,
            icc=self.icc,
            autocorrelation=self.autocorrelation,
            scales=(schema.TOTAL + "_", ECHO),
            scale_correlation=0.0,
        )
        seed += self._first_seed
        table = simulate(plan, seed=seed).drop(schema.TOTAL).rename({schema.TOTAL + "_": schema.TOTAL})
        return self._with_short_turns(_changed(table, fall, at), seed)

    def _with_short_turns(self, table: pl.DataFrame, seed: int) -> pl.DataFrame:
        if not self.short_turns:
            return table
        drawn = pl.Series(np.random.default_rng([seed, 1]).random(table.height) < SHORT_SHARE)
        scores = [
            pl.when(drawn).then(SHORT_SCALE * pl.col(name) + SHORT_SHIFT).otherwise(pl.col(name)).alias(name)
            for name in (schema.TOTAL, ECHO)
        ]
        tokens = pl.when(drawn).then(SHORT_TOKENS).otherwise(pl.col(schema.N_TOKENS) + 8).alias(schema.N_TOKENS)
        return table.with_columns(*scores, tokens)


@cache
def reference(setting: Setting, sessions: int) -> Reference:
    """Learn what is usual in a setting, at 5 false alarms per 100 sessions."""
    return build_reference(setting.corpus(sessions, 1))


def settings() -> list[Setting]:
    """Give the grid."""
    return [Setting(*values) for values in product(ICC, AUTOCORRELATION, (False, True))]


def _changed(table: pl.DataFrame, fall: float, at: int) -> pl.DataFrame:
    therapist = pl.col(schema.ROLE) == schema.THERAPIST
    later = pl.col(schema.TURN_INDEX) >= at
    return table.with_columns(
        pl.when(~therapist & later).then(pl.col(schema.TOTAL) - fall).otherwise(pl.col(schema.TOTAL)),
        pl.when(therapist).then(pl.col(ECHO) + pl.when(later).then(fall).otherwise(0.0)),
    )
