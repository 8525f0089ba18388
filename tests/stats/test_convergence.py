"""Closing rates: what they are, what may not change them, and what is said where they can't be told."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.errors import ColumnError, ParameterError
from alliancekit.stats.convergence import COLUMNS
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.quick import simulate_sessions

GOLDEN = Path(__file__).parents[1] / "golden"
FIRST = ("scale", "closing_rate", "ci_low", "ci_high", "p_value", "p_adjusted", "verdict", "n_sessions", "n_clusters")


closing = partial(ak.convergence, coupling=False, resamples=199)


def one(table: pl.DataFrame, **options: object) -> dict[str, Any]:
    """The only row of the table."""
    rows: list[dict[str, Any]] = closing(table, **options).to_dicts()  # type: ignore[arg-type]  # by name
    assert len(rows) == 1
    return rows[0]


def closing_corpus(sessions: int = 24, *, seed: int = 5, closing_rate: float = 0.0) -> pl.DataFrame:
    """Turns with a gap of .5 and whole numbers of turns; one scale."""
    plan = SimulationPlan(
        {"a": sessions}, turns=40, gap=0.5, closing_rate=closing_rate, icc=0.05, scales=("bond",), sessions_per_dyad=2
    )
    return simulate(plan, seed=seed).drop("total", "n_tokens", "truncated")


def test_the_golden_corpus_gives_the_values_of_statsmodels() -> None:
    expected = json.loads((GOLDEN / "convergence.json").read_text(encoding="utf-8"))
    row = one(pl.read_csv(GOLDEN / "convergence_turns.csv"))
    names = ["closing_rate", "closing_rate_se", "gap_mid", "gap_slope"]
    names += ["misalignment_early", "misalignment_late", "misalignment_decline"]
    assert {name: row[name] for name in names} == pytest.approx({name: expected[name] for name in names}, rel=1e-9)


def test_columns_come_in_the_order_of_the_design_with_their_types() -> None:
    table = closing(closing_corpus(), by="condition")
    assert table.columns == ["condition", *COLUMNS]
    assert COLUMNS[: len(FIRST)] == FIRST
    assert table.schema["verdict"] == pl.String
    assert table.schema["n_coupled"] == pl.Int64
    assert table.select(pl.col("^coupling.*$")).null_count().sum_horizontal().item() == 6


def test_a_line_worked_out_by_hand() -> None:
    # A patient at 0 throughout and a therapist on 1 + 2 (u - .5): the gap opens from 0 to 2.
    rows = [
        (f"s{session}", turn, ("patient", "therapist")[turn % 2], (1.0 + 2.0 * (turn / 9 - 0.5)) * (turn % 2))
        for session in range(7)
        for turn in range(10)
    ]
    turns = pl.DataFrame(rows, schema=["session_id", "turn_index", "role", "bond"], orient="row")
    row = one(turns)
    values = [row[name] for name in ("closing_rate", "gap_mid", "gap_slope", "gap_start", "gap_end")]
    assert values == pytest.approx([-2.0, 1.0, 2.0, 0.0, 2.0], abs=1e-12)
    assert row["ci_low"] is None
    assert "do not vary" in row["note"]


def test_what_closes_converges_and_what_opens_diverges() -> None:
    assert one(closing_corpus(60, closing_rate=0.9))["verdict"] == "converging"
    assert one(closing_corpus(60, closing_rate=-0.9))["verdict"] == "diverging"


def test_a_planted_closing_rate_lies_in_its_interval() -> None:
    plan = SimulationPlan({"a": 400}, turns=40, gap=-0.5, closing_rate=0.4, scales=("bond",), autocorrelation=0.4)
    row = one(simulate_sessions(plan, seed=2))
    assert row["ci_low"] < 0.4 < row["ci_high"]
    assert row["gap_slope_low"] == row["ci_low"]  # the gap is negative: the slope is the closing rate
    assert row["gap_start"] < row["gap_end"] < 0


def test_misalignment_falls_where_both_directions_close() -> None:
    # Half of the sessions have a gap of +1 and half of -1; each closes to 0. Their mean gap is 0 throughout.
    rows = [
        (f"s{session:02}", turn, ("patient", "therapist")[turn % 2], (-1) ** session * (1 - turn / 39) * (turn % 2))
        for session in range(20)
        for turn in range(40)
    ]
    noise = pl.Series([0.001 * ((7 * at) % 13) for at in range(800)])
    turns = pl.DataFrame(rows, schema=["session_id", "turn_index", "role", "bond"], orient="row")
    row = one(turns.with_columns(pl.col("bond") + noise))
    assert row["verdict"] == "no evidence"
    assert "holds 0" in row["note"]
    # The therapist's turns in the four blocks have their middle at turns 4, 14, 26 and 36 of 39.
    assert row["misalignment_early"] == pytest.approx((35 * 25) ** 0.5 / 39, abs=0.01)
    assert row["misalignment_late"] == pytest.approx((13 * 3) ** 0.5 / 39, abs=0.01)
    assert row["misalignment_decline_low"] > 0
    assert row["misalignment_decline_p_value"] <= 0.02


def test_the_session_table_gives_the_same_as_the_turns() -> None:
    turns = closing_corpus()
    assert_frame_equal(closing(ak.sessions(turns)), closing(turns), check_exact=True)


@settings(max_examples=10)
@given(st.permutations(range(16 * 40)), st.integers(1, 3))
def test_row_order_and_threads_change_no_bit(order: list[int], threads: int) -> None:
    turns = closing_corpus(16)
    shuffled = ak.convergence(turns[order], resamples=99, threads=threads)
    assert_frame_equal(shuffled, ak.convergence(turns, resamples=99), check_exact=True)


@given(st.floats(-3, 3), st.sampled_from([-2.0, -1.0, 0.5, 4.0]))
@settings(max_examples=15)
def test_an_offset_moves_no_slope_and_units_scale_it(offset: float, unit: float) -> None:
    turns = closing_corpus(16)
    of_therapist = pl.col("role") == "therapist"
    moved = turns.with_columns(bond=pl.col("bond") * unit + pl.when(of_therapist).then(offset).otherwise(0.0))
    plain, other = one(turns), one(moved)
    assert other["gap_slope"] == pytest.approx(unit * plain["gap_slope"], abs=1e-5)
    assert other["gap_mid"] == pytest.approx(unit * plain["gap_mid"] + offset, abs=1e-5)
    assert other["p_value"] == plain["p_value"]
    assert other["margin"] == pytest.approx(abs(unit) * plain["margin"], rel=1e-5)


def test_roles_exchanged_close_as_fast() -> None:
    turns = closing_corpus(closing_rate=0.5)
    swapped = turns.with_columns(
        role=pl.when(pl.col("role") == "patient").then(pl.lit("therapist")).otherwise(pl.lit("patient"))
    )
    plain, other = one(turns), one(swapped)
    assert other["closing_rate"] == pytest.approx(plain["closing_rate"], rel=1e-9)
    assert other["gap_mid"] == pytest.approx(-plain["gap_mid"], rel=1e-9)


def test_fewer_than_six_clusters_have_a_rate_and_nothing_more() -> None:
    row = one(closing_corpus(10))
    assert row["closing_rate"] is not None
    assert [row[name] for name in ("ci_low", "p_value", "p_adjusted", "p_equivalence", "gap_mid_low")] == [None] * 5
    assert row["verdict"] == "no evidence"
    assert "6 are needed" in row["note"]


def test_total_is_corrected_apart() -> None:
    table = closing(simulate({"a": 40}, gap=0.5, closing_rate=0.2, turns=20, seed=4))
    p = dict(table.select("scale", "p_value").iter_rows())
    adjusted = dict(table.select("scale", "p_adjusted").iter_rows())
    assert adjusted["total"] == p["total"]
    smallest = min(("task", "bond", "goal"), key=p.__getitem__)
    assert adjusted[smallest] == pytest.approx(3 * p[smallest])


def test_weights_are_those_of_sessions_clusters_and_turns() -> None:
    table = ak.sessions(closing_corpus(16)).with_row_index("at")
    # One patient has the first six sessions, which are ten times as long.
    long = pl.col("at") < 6
    table = table.with_columns(
        patient_id=pl.when(long).then(pl.lit("p")).otherwise(pl.col("session_id")),
        therapist_id=None,
        n_patient=pl.when(long).then(200).otherwise(20),
        n_therapist=pl.when(long).then(200).otherwise(20),
    )
    slopes = table["gap_slope"].to_list()
    first, rest = sum(slopes[:6]), sum(slopes[6:])
    expected = {"session": (first + rest) / 16, "cluster": (first / 6 + rest) / 11, "turn": (10 * first + rest) / 70}
    found = {weight: one(table, weight=weight)["gap_slope"] for weight in expected}
    assert found == pytest.approx(expected, rel=1e-12)


def test_sessions_without_lines_are_counted_out_and_named() -> None:
    turns = closing_corpus(16)
    alone = turns.filter((pl.col("session_id") != "s0000001") | (pl.col("role") == "patient"))
    assert one(alone)["n_sessions"] == 15
    row = one(turns.filter(pl.col("role") == "patient"))
    assert (row["closing_rate"], row["n_sessions"], row["verdict"]) == (None, 0, "no evidence")
    assert "3 scored turns of each role" in row["note"]


def test_forms_stand_side_by_side_and_agree_where_they_are_the_same() -> None:
    turns = closing_corpus(60, closing_rate=0.9)
    turns = turns.with_columns(bond_patient_form=pl.col("bond") * 2, bond_therapist_form=pl.col("bond") + 1)
    table = ak.convergence(turns, form="all", resamples=99)
    assert table.columns[-2:] == ["form", "robust"]
    rates = dict(table.select("form", "closing_rate").iter_rows())
    assert rates["patient"] == pytest.approx(2 * rates["own"], rel=1e-6)
    assert table["robust"].to_list() == [True] * 3
    assert table["coupling"].to_list() == pytest.approx([table["coupling"][0]] * 3, abs=1e-6)
    with pytest.raises(ParameterError, match="form"):
        closing(ak.sessions(turns), form="patient")


def test_progress_is_told() -> None:
    calls: list[tuple[int, int]] = []
    closing(closing_corpus(16), progress=lambda done, of: calls.append((done, of)))
    assert calls
    assert calls[-1][0] == calls[-1][1]


@pytest.mark.parametrize(
    ("options", "message"),
    [({"margin": 0.0}, "margin"), ({"margin": float("nan")}, "margin"), ({"weight": "token"}, "weight")],
)
def test_a_wrong_parameter_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        closing(closing_corpus(8), **options)


def test_a_session_table_without_slopes_is_refused() -> None:
    with pytest.raises(ColumnError, match="gap_slope"):
        closing(ak.sessions(closing_corpus(8)).drop("gap_slope"))
