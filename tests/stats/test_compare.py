"""What `compare` gives, and what may not change it."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.stats.inference.intervals import holm
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.quick import simulate_sessions

COLUMNS = [
    "scale",
    "target",
    "reference",
    "measure",
    "difference",
    "ci_low",
    "ci_high",
    "p_value",
    "p_adjusted",
    "effect_size",
    "n_target",
    "n_reference",
    "note",
]
PLAN = SimulationPlan(
    {"anxiety": 30, "depression": 20, "grief": 10},
    turns=20,
    scales=("task", "bond"),
    gap={"grief": 0.4},
    therapists="crossed",
    dyads_per_therapist=3,
    sessions_per_dyad=2,
)
SESSIONS = simulate_sessions(PLAN, seed=3)
RESULT = ak.compare(SESSIONS, target="grief", resamples=199)


def means(value: pl.Expr) -> dict[tuple[str, str], float]:
    """Aggregate the sessions of each scale and condition, by polars."""
    table = SESSIONS.group_by("scale", "condition").agg(value)
    return {(scale, condition): mean for scale, condition, mean in table.iter_rows()}


def test_columns_come_in_the_order_of_the_design() -> None:
    assert RESULT.columns[: len(COLUMNS)] == COLUMNS


def test_rows_are_scales_measures_and_references() -> None:
    keys = RESULT.select("scale", "measure", "reference").rows()
    references = ["anxiety", "depression", "rest"]
    assert keys == [
        (scale, measure, one) for scale in ("task", "bond") for measure in ("gap", "misalignment") for one in references
    ]


def test_a_difference_is_that_of_the_means_over_sessions() -> None:
    for measure, column in (("gap", "gap"), ("misalignment", "gap_product")):
        mean = means(pl.col(column).mean())
        for row in RESULT.filter(measure=measure).filter(pl.col("reference") != "rest").iter_rows(named=True):
            target, other = mean[row["scale"], "grief"], mean[row["scale"], row["reference"]]
            assert row["difference"] == pytest.approx(target - other, abs=1e-12)
            values = [row["target_value"], row["reference_value"]]
            roots = [np.sign(one) * np.sqrt(abs(one)) for one in (target, other)]
            assert values == pytest.approx([target, other] if measure == "gap" else roots, abs=1e-12)


def test_rest_is_all_that_are_not_the_target() -> None:
    row = RESULT.filter(reference="rest", measure="gap", scale="bond").row(0, named=True)
    other = SESSIONS.filter(pl.col("condition") != "grief", scale="bond")["gap"]
    target = SESSIONS.filter(condition="grief", scale="bond")["gap"]
    assert row["n_reference"] == 50
    assert row["reference_value"] == pytest.approx(float(other.to_numpy().mean()), abs=1e-12)
    spread = np.sqrt((target.to_numpy().var(ddof=1) + other.to_numpy().var(ddof=1)) / 2.0)
    assert row["effect_size"] == pytest.approx(row["difference"] / spread, abs=1e-12)


def test_the_gap_has_a_second_yardstick_and_misalignment_has_not() -> None:
    assert RESULT.filter(measure="misalignment")["effect_size_pooled"].is_null().all()
    sides = [SESSIONS.filter(scale="bond")[f"{role}_mean"].to_numpy() for role in ("patient", "therapist")]
    yardstick = np.sqrt(np.mean([side.var(ddof=1) for side in sides]))
    rows = RESULT.filter(measure="gap", scale="bond")
    expected = (rows["difference"] / yardstick).to_list()
    assert rows["effect_size_pooled"].to_list() == pytest.approx(expected, rel=1e-12)


def test_turns_give_what_their_session_table_gives() -> None:
    turns = simulate({"a": 8, "b": 9}, turns=16, scales=("bond",), seed=5)
    table = ak.compare(turns, target="a", scales=["bond"], resamples=99)
    assert_frame_equal(table, ak.compare(ak.sessions(turns), target="a", scales=["bond"], resamples=99))


def test_holm_is_over_scales_and_conditions_with_the_rest_apart() -> None:
    for measure in ("gap", "misalignment"):
        for apart in (True, False):
            rows = RESULT.filter(pl.col("measure") == measure, (pl.col("reference") == "rest") == apart)
            assert rows["p_adjusted"].to_list() == holm(rows["p_value"].to_list())


def test_total_is_a_family_apart() -> None:
    table = pl.concat([SESSIONS, SESSIONS.filter(scale="bond").with_columns(scale=pl.lit("total"))])
    result = ak.compare(table, target="grief", measures="gap", reference="anxiety", resamples=199)
    rows = {row["scale"]: row for row in result.iter_rows(named=True)}
    assert rows["total"]["p_adjusted"] == rows["total"]["p_value"] == rows["bond"]["p_value"]
    family = [rows[scale] for scale in ("task", "bond")]
    assert [row["p_adjusted"] for row in family] == holm([row["p_value"] for row in family])


@given(st.permutations(range(SESSIONS.height)), st.integers(1, 3))
def test_neither_the_order_of_rows_nor_threads_change_a_bit(order: list[int], threads: int) -> None:
    found = ak.compare(SESSIONS[order], target="grief", resamples=199, threads=threads)
    assert_frame_equal(found, RESULT, check_exact=True)


@given(st.permutations(["aa", "mm", "zz"]))
def test_names_of_conditions_change_names_only(names: list[str]) -> None:
    renamed = dict(zip(PLAN.conditions, names, strict=True))
    table = SESSIONS.with_columns(pl.col("condition").replace(renamed))
    found = ak.compare(table, target=renamed["grief"], resamples=199)
    back = {new: old for old, new in renamed.items()}
    found = found.with_columns(pl.col("target", "reference").replace(back))
    keys = ["scale", "measure", "reference"]
    assert_frame_equal(found.drop("p_adjusted").sort(keys), RESULT.drop("p_adjusted").sort(keys), check_exact=True)


@given(st.floats(-5, 5), st.floats(0.01, 100))
def test_an_offset_between_roles_moves_no_contrast_and_units_scale_it(offset: float, unit: float) -> None:
    table = SESSIONS.with_columns(pl.col("gap") * unit + offset)
    found = ak.compare(table, target="grief", measures="gap", resamples=199)
    expected = RESULT.filter(measure="gap")
    assert_frame_equal(
        found.select("difference", "ci_low", "ci_high", "difference_se") / unit,
        expected.select("difference", "ci_low", "ci_high", "difference_se"),
        abs_tol=1e-6,
    )
    assert_frame_equal(found.select("p_value", "effect_size"), expected.select("p_value", "effect_size"), abs_tol=1e-6)


def test_target_and_reference_change_places() -> None:
    back = ak.compare(SESSIONS, target="anxiety", reference="grief", resamples=199)
    there = RESULT.filter(reference="anxiety")
    for name in ("difference", "effect_size"):
        assert back[name].to_list() == pytest.approx([-value for value in there[name]], abs=1e-12)
    assert back["difference_se"].to_list() == pytest.approx(there["difference_se"].to_list(), abs=1e-12)


def test_clusters_weigh_the_same_where_that_is_asked_for() -> None:
    per_therapist = SESSIONS.group_by("scale", "condition", "therapist_id").agg(pl.col("gap").mean())
    mean = per_therapist.group_by("scale", "condition").agg(pl.col("gap").mean())
    expected = {(scale, condition): value for scale, condition, value in mean.iter_rows()}
    found = ak.compare(SESSIONS, target="grief", measures="gap", weight="cluster", resamples=99)
    for row in found.filter(pl.col("reference") != "rest").iter_rows(named=True):
        difference = expected[row["scale"], "grief"] - expected[row["scale"], row["reference"]]
        assert row["difference"] == pytest.approx(difference, abs=1e-12)


def test_turns_weigh_the_same_where_that_is_asked_for() -> None:
    table = SESSIONS.with_columns(n_patient=pl.int_range(pl.len()) % 7 + 3)
    turns = pl.col("n_patient") + pl.col("n_therapist")
    mean = table.group_by("scale", "condition").agg((pl.col("gap") * turns).sum() / turns.sum())
    expected = {(scale, condition): value for scale, condition, value in mean.iter_rows()}
    found = ak.compare(table, target="grief", measures="gap", weight="turn", reference="anxiety", resamples=99)
    for row in found.iter_rows(named=True):
        difference = expected[row["scale"], "grief"] - expected[row["scale"], "anxiety"]
        assert row["difference"] == pytest.approx(difference, abs=1e-12)


def test_a_planted_difference_comes_back_and_is_found() -> None:
    sessions = simulate_sessions(
        SimulationPlan({"a": 60, "b": 200}, turns=40, scales=("bond",), gap={"a": 0.6, "b": 0.1}, icc=0.02), seed=2
    )
    row = ak.compare(sessions, target="a", measures="gap").row(0, named=True)
    assert row["ci_low"] < 0.5 < row["ci_high"]
    assert row["p_value"] < 0.01
    assert row["reference_value"] < row["target_value"]


def test_a_null_value_leaves_its_session_out_of_its_measure_only() -> None:
    lacking = pl.when(pl.col("session_id") == SESSIONS["session_id"][0]).then(None).otherwise(pl.col("gap_product"))
    found = ak.compare(SESSIONS.with_columns(gap_product=lacking), target="anxiety", resamples=99)
    counts = found.filter(reference="grief", scale="bond").select("measure", "n_target").rows()
    assert counts == [("gap", 30), ("misalignment", 29)]


def test_closing_rates_are_slopes_against_the_sign_of_the_arms_gap() -> None:
    plan = SimulationPlan(
        {"a": 40, "b": 40}, turns=30, scales=("bond",), gap={"a": 1.0, "b": -1.0}, closing_rate={"a": 0.5, "b": 0.2}
    )
    sessions = simulate_sessions(plan, seed=4)
    row = ak.compare(sessions, target="a", measures="closing_rate", resamples=199).row(0, named=True)
    slopes = {name: float(sessions.filter(condition=name)["gap_slope"].to_numpy().mean()) for name in ("a", "b")}
    assert row["target_value"] == pytest.approx(-slopes["a"], abs=1e-12)
    assert row["reference_value"] == pytest.approx(slopes["b"], abs=1e-12)
    assert row["difference"] == pytest.approx(-slopes["a"] - slopes["b"], abs=1e-12)
    assert "not sure" not in row["note"]


def test_a_gap_that_may_be_none_leaves_open_which_way_closes() -> None:
    sessions = simulate_sessions(SimulationPlan({"a": 30, "b": 30}, turns=30, scales=("bond",), gap={"a": 1.0}), seed=4)
    note = ak.compare(sessions, target="a", measures="closing_rate", resamples=199)["note"][0]
    assert "which way the reference would close is not sure" in note
    assert "which way the target" not in note


def test_all_forms_stand_side_by_side() -> None:
    turns = simulate({"a": 9, "b": 9}, turns=14, scales=("bond",), seed=6)
    turns = turns.with_columns(bond_patient_form=pl.col("bond") + 0.01, bond_therapist_form=pl.col("bond") * 2.0)
    found = ak.compare(turns, target="a", scales=["bond"], form="all", resamples=99)
    assert found.columns[-2:] == ["form", "robust"]
    own, therapist = (found.filter(form=form, measure="gap")["difference"].item() for form in ("own", "therapist"))
    assert therapist == pytest.approx(2.0 * own, abs=1e-6)
