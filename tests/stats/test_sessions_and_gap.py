"""Session means and gaps against values worked out by hand, and what may not change them."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.errors import AllianceError, ColumnError
from alliancekit.stats.simulate import simulate

GAP_COLUMNS = [
    "condition",
    "scale",
    "patient_mean",
    "therapist_mean",
    "gap",
    "ci_low",
    "ci_high",
    "p_value",
    "p_adjusted",
    "effect_size",
    "misalignment",
    "n_sessions",
    "n_clusters",
    "n_turns",
    "note",
]
SESSION_COLUMNS = [
    "session_id",
    "scale",
    "patient_mean",
    "therapist_mean",
    "gap",
    "n_patient",
    "n_therapist",
    "patient_slope",
    "therapist_slope",
    "gap_slope",
    "congruence",
    "reason",
]


def corpus(sessions: int = 8, turns: int = 12) -> pl.DataFrame:
    """Sessions of two conditions; in `grief` the therapist is scored .5 higher, in `worry` .1."""
    rows = [
        (
            f"s{session:02}",
            turn,
            ("patient", "therapist")[turn % 2],
            ("grief", "worry")[session % 2],
            0.01 * ((session * 7 + turn * 3) % 11) + (0.5, 0.1)[session % 2] * (turn % 2),
        )
        for session in range(sessions)
        for turn in range(turns)
    ]
    return pl.DataFrame(rows, schema=["session_id", "turn_index", "role", "condition", "bond"], orient="row")


def test_a_session_worked_out_by_hand() -> None:
    turns = pl.DataFrame(
        {
            "session_id": ["a"] * 6,
            "turn_index": range(6),
            "role": ["patient", "therapist"] * 3,
            "bond": [1.0, 2.0, 3.0, None, 5.0, 6.0],
        }
    )
    (row,) = ak.sessions(turns).to_dicts()
    assert (row["patient_mean"], row["therapist_mean"], row["gap"]) == (3.0, 4.0, 1.0)
    assert (row["n_patient"], row["n_therapist"]) == (3, 2)


def test_session_columns_come_in_the_order_of_the_design() -> None:
    assert ak.sessions(corpus()).columns[: len(SESSION_COLUMNS)] == SESSION_COLUMNS


def test_a_gap_is_the_mean_of_its_sessions_gaps() -> None:
    turns = corpus()
    means = turns.group_by("session_id", "condition", "role").agg(pl.col("bond").mean())
    wide = means.pivot("role", index=["session_id", "condition"], values="bond")
    by_hand = wide.group_by("condition").agg((pl.col("therapist") - pl.col("patient")).mean()).sort("condition")
    table = ak.gap(turns, by="condition")
    assert table.columns[: len(GAP_COLUMNS)] == GAP_COLUMNS
    assert table["condition"].to_list() == by_hand["condition"].to_list() == ["grief", "worry"]
    assert table["gap"].to_list() == pytest.approx(by_hand["therapist"].to_list(), abs=1e-12)
    assert table["n_sessions"].to_list() == [4, 4]


def test_fewer_than_six_clusters_have_no_interval_and_say_why() -> None:
    table = ak.gap(corpus(), by="condition")
    assert table["ci_low"].is_null().all()
    assert table["p_value"].is_null().all()
    assert all("6 are needed" in note for note in table["note"])


def test_a_session_with_one_role_keeps_its_row_and_leaves_the_gap_alone() -> None:
    turns = corpus()
    alone = turns.filter((pl.col("session_id") != "s00") | (pl.col("role") == "patient"))
    row = ak.sessions(alone).row(0, named=True)
    assert (row["gap"], row["reason"]) == (None, "no scored therapist turns")
    assert ak.gap(alone, by="condition")["n_sessions"].to_list() == [3, 4]


def test_the_interval_holds_the_gap_and_the_seed_decides_it() -> None:
    turns = corpus(sessions=40)
    table = ak.gap(turns, resamples=400)
    assert_frame_equal(table, ak.gap(turns, resamples=400, threads=1))
    low, gap, high = table.select("ci_low", "gap", "ci_high").row(0)
    assert low < gap < high
    assert table["p_value"].item() < 0.01
    assert ak.gap(turns, resamples=400, seed=1)["ci_low"].item() != low


@given(st.permutations(range(8 * 12)))
def test_the_order_of_rows_changes_no_bit(order: list[int]) -> None:
    turns = corpus()
    assert_frame_equal(ak.gap(turns[order], by="condition"), ak.gap(turns, by="condition"), check_exact=True)


def test_the_session_table_gives_the_same_gap_as_the_turns() -> None:
    turns = corpus()
    assert_frame_equal(ak.gap(ak.sessions(turns), by="condition"), ak.gap(turns, by="condition"))


def test_a_planted_gap_comes_back() -> None:
    simulated = simulate({"anxiety": 60}, turns=40, gap={"anxiety": 0.5}, seed=7)
    row = ak.gap(simulated, scales=["bond"], resamples=400).row(0, named=True)
    assert row["ci_low"] < 0.5 < row["ci_high"]


def test_grouping_by_what_is_no_label_of_a_session_says_so() -> None:
    with pytest.raises(AllianceError):
        ak.gap(corpus(), by="turn_index")
    with pytest.raises(ColumnError):
        ak.gap(corpus(), by="role")


def test_a_repeated_turn_is_refused_or_named() -> None:
    with pytest.raises(AllianceError, match="turn_index"):
        ak.gap(pl.concat([corpus(), corpus().head(1)]))
