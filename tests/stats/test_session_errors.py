"""Standard errors, reliabilities and shrunken gaps of sessions against what simulated corpora make of them."""

from __future__ import annotations

from typing import Literal

import polars as pl
import pytest

import alliancekit as ak
from alliancekit.stats.reduction.reliability import stepped_up
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.effects import session_means
from alliancekit.stats.simulation.layout import labels, lay_out
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.reliability import reliability

SESSIONS, SEED = 1500, 5


@pytest.mark.parametrize("coupling", [-0.5, 0.0, 0.6])
@pytest.mark.parametrize("autocorrelation", [0.0, 0.3])
def test_standard_errors_are_how_far_sessions_miss(coupling: float, autocorrelation: float) -> None:
    # Every session's true values are the same, so that what its numbers vary by is their error.
    turns = simulate(
        {"grief": SESSIONS},
        turns=40,
        icc=0.0,
        coupling=coupling,
        autocorrelation=autocorrelation,
        scales=("bond",),
        seed=SEED,
    )
    table = ak.sessions(turns, scales=["bond"])
    for value, error in (("patient_mean", "patient_se"), ("therapist_mean", "therapist_se"), ("gap", "gap_se")):
        ratio = table.select(pl.col(value).var() / pl.col(error).pow(2).mean()).item()
        # The variance of 1,500 values is known to 3.7 %; four of those, and 3 % for the estimated autocorrelation.
        assert ratio == pytest.approx(1, abs=0.18)


@pytest.mark.parametrize("coupling", [-0.5, 0.6])
def test_shrunken_intervals_hold_the_truth(coupling: float) -> None:
    plan = SimulationPlan({"grief": SESSIONS}, turns=40, icc=0.1, coupling=coupling, scales=("bond",))
    layout = lay_out(plan, SEED)
    true = labels(plan, layout).select("session_id", gap_true=session_means(plan, layout, SEED).gap[:, 0])
    table = ak.sessions(simulate(plan, seed=SEED), scales=["bond"]).join(true, on="session_id", validate="1:1")
    held = table["gap_true"].is_between(table["shrunken_low"], table["shrunken_high"]).mean()
    # Five standard deviations of a share of 1,500 at .95.
    assert held == pytest.approx(0.95, abs=0.028)
    # Shrinking brings estimates nearer to the truth, which is what it is for.
    missed = table.select((pl.col("gap_shrunken", "gap") - pl.col("gap_true")).pow(2).mean()).row(0)
    assert missed[0] < missed[1]


@pytest.mark.parametrize(("score", "column"), [("role", "patient_reliability"), ("gap", "gap_reliability")])
def test_reliability_is_what_the_plan_predicts(score: Literal["role", "gap"], column: str) -> None:
    plan = SimulationPlan({"grief": SESSIONS}, turns=60, icc=0.1, coupling=0.3, scales=("bond",))
    table = ak.sessions(simulate(plan, seed=SEED), scales=["bond"])
    # A correlation of .6 over 1,500 sessions has a standard error of .017, its stepped-up value .012.
    assert table[column][0] == pytest.approx(reliability(plan, score=score), abs=0.06)


def test_halves_that_disagree_give_no_reliability_beyond_one() -> None:
    correlations = pl.Series("r", [-1.0, -0.9, -2 / 3, -0.2, 0.0, 0.2, 2 / 3, 0.9, 1.0])
    found = correlations.to_frame().select(r=stepped_up(pl.col("r"), 2.5))["r"]
    assert found.to_list() == pytest.approx((-found.reverse()).to_list())
    assert found.is_between(-1, 1).all()
    assert found.is_sorted()
