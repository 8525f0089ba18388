"""The simulator: shape, determinism, layout."""

from __future__ import annotations

import dataclasses

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from alliancekit.errors import ParameterError
from alliancekit.stats.simulate import simulate, simulate_batches
from alliancekit.stats.simulation.plan import PlanOptions, SimulationPlan

COLUMNS = {
    "session_id": pl.String,
    "turn_index": pl.Int64,
    "role": pl.String,
    "condition": pl.String,
    "patient_id": pl.String,
    "therapist_id": pl.String,
    "session_number": pl.Int64,
    "n_tokens": pl.Int64,
    "truncated": pl.Boolean,
    "task": pl.Float32,
    "bond": pl.Float32,
    "goal": pl.Float32,
    "total": pl.Float32,
}


def test_columns_and_types() -> None:
    turns = simulate({"anxiety": 3, "suicidality": 2}, turns=7)
    assert dict(turns.schema) == COLUMNS
    assert turns.height == 35
    assert turns.null_count().sum_horizontal().item() == 0
    assert_frame_equal(turns, turns.sort("session_id", "turn_index"))


def test_total_is_the_mean_of_the_scales() -> None:
    turns = simulate({"anxiety": 3}, skew=2.0)
    mean = turns.select(pl.mean_horizontal("task", "bond", "goal").alias("total"))
    assert_frame_equal(turns.select("total"), mean.cast(pl.Float32), abs_tol=1e-6)


@given(st.integers(0, 2**63), st.integers(1, 9), st.integers(4, 21))
def test_the_corpus_is_a_function_of_plan_and_seed(seed: int, sessions: int, turns: int) -> None:
    plan = SimulationPlan({"a": sessions, "b": 2}, turns=turns, icc=0.2, coupling=0.3)
    assert_frame_equal(simulate(plan, seed=seed), simulate(plan, seed=seed))


def test_seeds_differ() -> None:
    assert not simulate({"a": 2}, seed=1).equals(simulate({"a": 2}, seed=2))


def test_batches_add_up_to_the_whole() -> None:
    plan = SimulationPlan({"a": 5000}, turns=4)
    batches = list(simulate_batches(plan, seed=3))
    assert [batch.height for batch in batches] == [4 * 4096, 4 * 904]
    assert_frame_equal(pl.concat(batches), simulate(plan, seed=3))


def test_a_planted_gap_moves_nothing_but_the_gap() -> None:
    plain = simulate({"a": 5, "b": 5}, seed=4)
    planted = simulate({"a": 5, "b": 5}, gap={"b": {"task": 0.5}}, seed=4)
    moved = (planted["task"] - plain["task"]).round(5).to_list()
    side = {"patient": -0.25, "therapist": 0.25}
    expected = [side[r] if c == "b" else 0.0 for r, c in plain.select("role", "condition").iter_rows()]
    assert moved == pytest.approx(expected)
    assert_frame_equal(plain.drop("task", "total"), planted.drop("task", "total"))


def test_nested_therapists_see_one_condition() -> None:
    sessions = _sessions(SimulationPlan({"a": 30, "b": 31}, sessions_per_dyad=2, dyads_per_therapist=3))
    assert sessions.group_by("therapist_id").agg(pl.col("condition").n_unique())["condition"].max() == 1
    assert sessions["patient_id"].n_unique() == 15 + 16
    assert sessions["therapist_id"].n_unique() == 5 + 6


def test_crossed_therapists_see_several() -> None:
    plan = SimulationPlan({"a": 40, "b": 40}, dyads_per_therapist=8, therapists="crossed")
    conditions = _sessions(plan).group_by("therapist_id").agg(pl.col("condition").n_unique())["condition"]
    assert conditions.len() == 10
    assert conditions.max() == 2


def test_a_dyad_has_one_condition_and_one_therapist_and_numbers_its_sessions() -> None:
    plan = SimulationPlan({"a": 40, "b": 40}, sessions_per_dyad=4, dyads_per_therapist=5, therapists="crossed")
    dyads = (
        _sessions(plan)
        .group_by("patient_id")
        .agg(pl.col("condition", "therapist_id").n_unique(), pl.col("session_number").sort())
    )
    assert dyads["condition"].max() == dyads["therapist_id"].max() == 1
    assert all(numbers == [1, 2, 3, 4] for numbers in dyads["session_number"].to_list())


def test_lengths_vary_and_shift_by_condition() -> None:
    plan = SimulationPlan({"a": 2000, "b": 2000}, turns=50, turns_cv=0.5, length_shift={"b": 2.0})
    lengths = simulate(plan).group_by("condition", "session_id").len()
    mean = dict(lengths.group_by("condition").agg(pl.col("len").mean()).iter_rows())
    sd = dict(lengths.group_by("condition").agg(pl.col("len").std()).iter_rows())
    assert mean["a"] == pytest.approx(50, rel=0.04)
    assert mean["b"] == pytest.approx(100, rel=0.04)
    assert sd["b"] / mean["b"] == pytest.approx(0.5, rel=0.1)


def test_options_are_the_fields_of_the_plan() -> None:
    fields = [field.name for field in dataclasses.fields(SimulationPlan)]
    assert list(PlanOptions.__annotations__) == fields[1:]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"icc": 1.0}, "icc"),
        ({"icc": {"clinic": 0.1}}, "clinic"),
        ({"gap": {"grief": 0.1}}, "grief"),
        ({"gap": {"a": {"trust": 0.1}}}, "trust"),
        ({"closing_rate": 0.1}, "closing_rate"),
        ({"turns": 3}, "turns"),
        ({"autocorrelation": 1.0}, "autocorrelation"),
        ({"sd_ratio": {"a": -1.0}}, "sd_ratio"),
        ({"level": float("nan")}, "level"),
        ({"therapists": "mixed"}, "therapists"),
        ({"scales": ("task", "task")}, "scales"),
        ({"seed": -1}, "seed"),
    ],
)
def test_a_wrong_parameter_is_named(options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        simulate({"a": 3}, **options)  # type: ignore[arg-type]


def test_no_condition_is_refused() -> None:
    with pytest.raises(ParameterError, match="conditions"):
        simulate({})


def test_options_beside_a_plan_are_refused() -> None:
    with pytest.raises(ParameterError, match="turns"):
        simulate(SimulationPlan({"a": 3}), turns=9)


def _sessions(plan: SimulationPlan) -> pl.DataFrame:
    labels = ("session_id", "condition", "patient_id", "therapist_id", "session_number")
    return simulate(plan).select(labels).unique()
