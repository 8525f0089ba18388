"""Curves over the sessions of a treatment."""

from __future__ import annotations

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.errors import ColumnError, DataError
from alliancekit.stats.simulate import simulate


def treatments() -> pl.DataFrame:
    """Twenty patients with sessions 1, 2 and 4; the last four of them stop before the last session."""
    rows = [
        (
            f"p{patient:02}-{number}",
            turn,
            ("patient", "therapist")[turn % 2],
            f"p{patient:02}",
            number,
            0.1 * number * (turn % 2) + 0.01 * ((patient * 7 + turn * 3 + number) % 11),
        )
        for patient in range(20)
        for number in ((1, 2, 4) if patient < 4 else (1, 2))
        for turn in range(8)
    ]
    names = ["session_id", "turn_index", "role", "patient_id", "session_number", "bond"]
    return pl.DataFrame(rows, schema=names, orient="row")


def test_a_point_is_the_mean_of_the_sessions_with_that_number() -> None:
    turns = treatments()
    table = ak.trajectories(turns, over="session_number", resamples=199)
    sessions = ak.sessions(turns).group_by("session_number").agg(pl.col("gap", "patient_mean").mean(), pl.len())
    by_hand = sessions.sort("session_number")
    found = table.filter(role="gap")
    assert found["u"].to_list() == [1.0, 2.0, 4.0]
    assert found["u"].dtype == pl.Float64
    assert found["mean"].to_list() == pytest.approx(by_hand["gap"].to_list(), abs=1e-12)
    assert found["n_sessions"].to_list() == by_hand["len"].to_list() == [20, 20, 4]
    patient = table.filter(role="patient")
    assert patient["mean"].to_list() == pytest.approx(by_hand["patient_mean"].to_list(), abs=1e-12)


def test_the_session_table_gives_the_same_curves_as_the_turns() -> None:
    turns = treatments()
    from_turns = ak.trajectories(turns, over="session_number", resamples=199)
    assert_frame_equal(ak.trajectories(ak.sessions(turns), over="session_number", resamples=199), from_turns)


def test_a_number_that_few_patients_reach_has_no_interval_and_no_part_in_the_band() -> None:
    turns = treatments()
    table = ak.trajectories(turns, over="session_number", resamples=199)
    assert all("4 clusters, 6 are needed; clusters: patients" in note for note in table.filter(u=4.0)["note"])
    earlier = ak.trajectories(turns.filter(pl.col("session_number") < 4), over="session_number", resamples=199)
    assert_frame_equal(table.filter(pl.col("u") < 4), earlier, check_exact=True)
    assert earlier["band_low"].is_not_null().all()


def test_each_group_has_the_numbers_of_its_own_sessions() -> None:
    turns = treatments().with_columns(
        condition=pl.when(pl.col("patient_id") < "p04").then(pl.lit("a")).otherwise(pl.lit("b"))
    )
    table = ak.trajectories(turns, by="condition", over="session_number", resamples=199).filter(role="gap")
    assert table.select("condition", "u").rows() == [("a", 1.0), ("a", 2.0), ("a", 4.0), ("b", 1.0), ("b", 2.0)]


def test_scales_come_in_the_order_asked_for() -> None:
    table = ak.sessions(treatments().with_columns(task=pl.col("bond")))
    found = ak.trajectories(table, scales=["bond", "task"], over="session_number", resamples=199)
    assert found["scale"].unique(maintain_order=True).to_list() == ["bond", "task"]


def test_sessions_without_a_number_are_left_out_and_counted() -> None:
    turns = treatments()
    number = pl.col("session_number")
    lacking = turns.with_columns(session_number=pl.when(number < 4).then(number))
    found = ak.trajectories(lacking, over="session_number", resamples=199)
    rest = ak.trajectories(turns.filter(number < 4), over="session_number", resamples=199)
    assert_frame_equal(found.drop("note"), rest.drop("note"), check_exact=True)
    assert found["note"].unique().to_list() == ["clusters: patients; 4 sessions without session_number are left out"]


@pytest.mark.parametrize("column", [None, pl.lit(None, dtype=pl.Int64), pl.lit("first")])
def test_no_session_number_is_an_error_that_says_what_to_do(column: pl.Expr | None) -> None:
    turns = treatments().drop("session_number")
    if column is not None:
        turns = turns.with_columns(session_number=column)
    with pytest.raises(ColumnError, match="give every turn the number of its session"):
        ak.trajectories(turns, over="session_number")


def test_a_session_table_with_a_session_twice_is_refused() -> None:
    table = ak.sessions(treatments())
    with pytest.raises(DataError, match="twice on the scale 'bond'"):
        ak.trajectories(pl.concat([table, table.head(1)]), over="session_number")


def test_a_planted_level_comes_back_at_every_number() -> None:
    turns = simulate({"a": 160}, turns=20, scales=("bond",), gap=0.4, sessions_per_dyad=4, icc={"dyad": 0.1}, seed=5)
    table = ak.trajectories(turns, scales=["bond"], over="session_number", resamples=199).filter(role="gap")
    assert table["u"].to_list() == [1.0, 2.0, 3.0, 4.0]
    assert table["n_clusters"].to_list() == [40] * 4
    assert ((table["band_low"] < 0.4) & (table["band_high"] > 0.4)).all()
