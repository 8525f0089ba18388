"""The quick path gives the numbers of the whole path."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from alliancekit.errors import ParameterError
from alliancekit.stats.sessions import sessions
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.quick import simulate_sessions


@pytest.mark.parametrize(
    "plan",
    [
        SimulationPlan({"a": 7, "b": 3}, turns=60, autocorrelation=0.4, icc=0.2, slope_sd=0.5),
        SimulationPlan({"a": 6, "b": 6}, turns=40, turns_cv=0.3, length_shift={"b": 1.5}, skew=2.0),
        SimulationPlan({"a": 5}, turns=13, sessions_per_dyad=2, dyads_per_therapist=2),
        SimulationPlan({"a": 4100}, turns=12, scales=("bond",)),
    ],
)
def test_quick_is_whole(plan: SimulationPlan) -> None:
    quick = simulate_sessions(plan, seed=8)
    whole = sessions(simulate(plan, seed=8), scales=plan.scales)
    assert_frame_equal(quick, whole.select(quick.columns), abs_tol=1e-9)
    assert quick.null_count().drop("reason").sum_horizontal().item() == 0


def test_short_sessions_are_refused() -> None:
    with pytest.raises(ParameterError, match="turns"):
        simulate_sessions(SimulationPlan({"a": 2}, turns=11))


def test_quick_is_sorted() -> None:
    table = simulate_sessions(SimulationPlan({"a": 12}, turns=12))
    assert table["session_id"].is_sorted()
    assert table.select(pl.col("scale").first().over("session_id"))["scale"].unique().to_list() == ["task"]
