"""What is planted is there: moments of large corpora against the plan's formulas."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from scipy import stats  # type: ignore[import-untyped]

from alliancekit.errors import ParameterError
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.draws import standardised, stream
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.reliability import inflation, reliability, turns_for_reliability
from alliancekit.stats.simulation.truth import simulation_truth

POSITION = pl.col("turn_index") / (pl.len().over("session_id") - 1) - 0.5


def _by_session(turns: pl.DataFrame, scale: str = "task") -> pl.DataFrame:
    side = pl.when(pl.col("role") == "therapist").then(1.0).otherwise(-1.0)
    return (
        turns.with_columns(u=POSITION, side=side)
        .group_by("session_id", "condition", "therapist_id", "patient_id", maintain_order=True)
        .agg(
            patient=pl.col(scale).filter(pl.col("role") == "patient").mean(),
            therapist=pl.col(scale).filter(pl.col("role") == "therapist").mean(),
            slope=2 * (pl.col(scale) * pl.col("side") * pl.col("u")).sum() / (pl.col("u") ** 2).sum(),
        )
        .with_columns(gap=pl.col("therapist") - pl.col("patient"))
    )


@pytest.mark.parametrize("distribution", ["gamma", "lognormal"])
@pytest.mark.parametrize("skew", [0.0, 1.0, 2.0])
def test_draws_have_mean_0_sd_1_and_the_skew(distribution: str, skew: float) -> None:
    drawn = standardised(stream(1, 1), (2_000_000,), skew, distribution).astype(float)  # type: ignore[arg-type]
    assert drawn.mean() == pytest.approx(0, abs=0.004)
    assert drawn.std() == pytest.approx(1, abs=0.01)
    assert float(stats.skew(drawn)) == pytest.approx(skew, abs=0.12)


def test_gap_and_slope_come_back() -> None:
    plan = SimulationPlan(
        {"a": 6000, "b": 6000}, gap={"a": 0.5, "b": -0.4}, closing_rate={"a": 0.3, "b": 0.2}, icc=0.05, drift=0.5
    )
    means = _by_session(simulate(plan, seed=11)).group_by("condition").agg(pl.col("gap", "slope").mean())
    got = {name: (gap, slope) for name, gap, slope in means.iter_rows()}
    offset = 0.5 / 59  # a therapist's turn follows its patient's by one place on the common drift
    assert got["a"] == pytest.approx((0.5 + offset, -0.3), abs=0.02)
    assert got["b"] == pytest.approx((-0.4 + offset, 0.2), abs=0.02)


def test_truth_of_a_plan() -> None:
    plan = SimulationPlan({"a": 1, "b": 1}, gap={"a": 0.3, "b": -0.2}, closing_rate={"b": 0.1}, icc=0.08)
    truth = {(row["condition"], row["scale"]): row for row in simulation_truth(plan).to_dicts()}
    assert truth["a", "task"]["misalignment"] == pytest.approx((0.09 + 0.16) ** 0.5)
    assert truth["a", "total"]["gap_sd"] == pytest.approx(0.4 * (2 / 3) ** 0.5)
    assert (truth["b", "bond"]["gap_start"], truth["b", "bond"]["gap_end"]) == pytest.approx((-0.25, -0.15))
    assert simulation_truth(SimulationPlan({"a": 1}))["closing_rate"].is_null().all()


@pytest.mark.parametrize("level", ["therapist", "dyad", "session"])
@pytest.mark.parametrize("skew", [0.0, 2.0])
def test_each_level_holds_its_share(level: str, skew: float) -> None:
    plan = SimulationPlan(
        {"a": 40_000},
        icc={level: 0.4},
        role_correlation=0.5,
        sessions_per_dyad=2,
        dyads_per_therapist=2,
        turns=4,
        skew=skew,
        scale_correlation=0,
    )
    sessions = _by_session(simulate(plan, seed=15))
    truth = simulation_truth(plan).filter(scale="task")
    noise = 2 * 0.6 / 2
    assert sessions["gap"].var() == pytest.approx(truth["gap_sd"].item() ** 2 + noise, rel=0.06)
    patient, therapist = sessions["patient"].to_numpy(), sessions["therapist"].to_numpy()
    assert np.cov(patient, therapist)[0, 1] == pytest.approx(0.4 * 0.5, abs=0.03)
    same_dyad = np.corrcoef(patient[::2], patient[1::2])[0, 1]
    same_therapist = np.corrcoef(patient[::4], patient[2::4])[0, 1]
    share = 0.4 / (0.4 + 0.3)
    assert same_dyad == pytest.approx(0 if level == "session" else share, abs=0.03)
    assert same_therapist == pytest.approx(share if level == "therapist" else 0, abs=0.03)


def test_sd_ratio_scales_every_random_part() -> None:
    plan = SimulationPlan({"a": 4000, "b": 4000}, sd_ratio={"b": 2.0}, icc={"therapist": 0.1, "session": 0.1})
    spread = dict(_by_session(simulate(plan)).group_by("condition").agg(pl.col("gap").std()).iter_rows())
    assert spread["b"] / spread["a"] == pytest.approx(2, rel=0.05)


def test_autocorrelation_and_coupling_come_back() -> None:
    plan = SimulationPlan({"a": 300}, turns=400, icc=0, autocorrelation=0.4, coupling=-0.3, scale_correlation=0)
    turns = simulate(plan, seed=13)
    patient = turns.filter(role="patient")["task"].to_numpy().reshape(300, 200)
    therapist = turns.filter(role="therapist")["task"].to_numpy().reshape(300, 200)
    assert np.corrcoef(patient[:, 1:].ravel(), patient[:, :-1].ravel())[0, 1] == pytest.approx(0.4, abs=0.02)
    assert np.corrcoef(patient.ravel(), therapist.ravel())[0, 1] == pytest.approx(-0.3, abs=0.02)
    assert patient.std() == pytest.approx(1, abs=0.02)


def test_scales_correlate() -> None:
    turns = simulate({"a": 500}, scale_correlation=0.7, icc=0.3)
    assert np.corrcoef(turns["task"], turns["goal"])[0, 1] == pytest.approx(0.7, abs=0.03)


def test_slope_heterogeneity() -> None:
    plan = SimulationPlan({"a": 8000}, icc=0, slope_sd=3.0, turns=40, sd=0.1)
    assert _by_session(simulate(plan))["slope"].std() == pytest.approx(3, rel=0.05)


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
@pytest.mark.parametrize("turns", [10, 60])
def test_reliability_predicted_is_the_share_of_the_variance_planted(phi: float, turns: int) -> None:
    plan = SimulationPlan({"a": 4000}, turns=turns, icc=0.15, autocorrelation=phi)
    sessions = _by_session(simulate(plan, seed=14))
    patient, gap = (float(np.var(sessions[name].to_numpy(), ddof=1)) for name in ("patient", "gap"))
    assert 0.15 / patient == pytest.approx(reliability(plan), rel=0.06)
    assert 0.30 / gap == pytest.approx(reliability(plan, score="gap"), rel=0.06)


def test_inflation_is_the_sum_it_stands_for() -> None:
    total = 1 + 2 * sum((1 - k / 30) * 0.5**k for k in range(1, 30))
    assert inflation(30, 0.5) == pytest.approx(total, rel=1e-12)


@pytest.mark.parametrize("icc", [0.02, 0.1, 0.5])
def test_turns_for_reliability_is_the_first_that_is_enough(icc: float) -> None:
    plan = SimulationPlan({"a": 1}, icc=icc, autocorrelation=0.3)
    needed = turns_for_reliability(plan)
    assert needed is not None
    assert reliability(plan, turns=needed) >= 0.8 > reliability(plan, turns=max(needed - 2, 2))


def test_reliability_without_signal_and_with_wrong_values() -> None:
    plan = SimulationPlan({"a": 1}, icc=0)
    assert reliability(plan) == 0
    assert turns_for_reliability(plan) is None
    with pytest.raises(ParameterError, match="target"):
        turns_for_reliability(plan, 1.0)
    with pytest.raises(ParameterError, match="turns"):
        reliability(plan, turns=1)
