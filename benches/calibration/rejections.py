"""Which tests find something at .05: 1 or 0 for each corpus (a scale of the table), NaN where there is no p."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import polars as pl
from benches.calibration.cells import REFERENCE, TARGET
from benches.calibration.intervals import ALPHA

import alliancekit as ak
from alliancekit.stats.simulation.quick import simulate_sessions

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from alliancekit.stats.simulation.plan import SimulationPlan

    Floats = NDArray[np.float64]


RESAMPLES: Final = 399
"""A Monte Carlo test holds its level exactly at any number for which .05 · (number + 1) is whole."""


MEASURES: Final = {
    "compare gap": "gap",
    "compare misalignment": "misalignment",
    "compare closing": "closing_rate",
}
LIFT: Final = 2.0


def rejected(p: pl.Series) -> Floats:
    """1 where p is at most .05."""
    return (p <= ALPHA).cast(pl.Float64).fill_null(math.nan).to_numpy()


def rejections(plan: SimulationPlan, tests: Sequence[str], seed: int) -> dict[str, Floats]:
    """Run the functions that the tests are of on the session table of a plan."""
    table = simulate_sessions(plan, seed=seed)
    found: dict[str, Floats] = {}
    if any(name.startswith("gap") for name in tests):
        found |= _by_condition("gap", ak.gap(table, by="condition", resamples=RESAMPLES, seed=seed, threads=1))
    if any(name.startswith("closing") for name in tests):
        lines = ak.convergence(table, by="condition", coupling=False, resamples=RESAMPLES, seed=seed, threads=1)
        found |= _by_condition("closing", lines)
    measures = [MEASURES[name] for name in tests if name in MEASURES]
    if measures:
        # What has no gap cannot close. Misalignment is hardest without one, so only the lines' middles are lifted.
        found |= _contrasts(table.with_columns(pl.col("gap_mid") + LIFT), measures, seed)
    return {name: found[name] for name in tests}


def _by_condition(name: str, rows: pl.DataFrame) -> dict[str, Floats]:
    return {
        f"{name} {condition}": rejected(rows.filter(pl.col("condition") == condition)["p_value"])
        for condition in (TARGET, REFERENCE)
    }


def _contrasts(table: pl.DataFrame, measures: Sequence[str], seed: int) -> dict[str, Floats]:
    rows = ak.compare(
        table, target=TARGET, reference=REFERENCE, measures=measures, resamples=RESAMPLES, seed=seed, threads=1
    )
    return {
        test: rejected(rows.filter(pl.col("measure") == measure)["p_value"])
        for test, measure in MEASURES.items()
        if measure in measures
    }
