"""Curves over u: points worked out by hand, what may not change them, and planted curves."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.errors import ColumnError, DataError, ParameterError, RoleError
from alliancekit.stats.simulate import simulate

GOLDEN = Path(__file__).parents[1] / "golden"
COLUMNS = [
    "condition",
    "scale",
    "role",
    "u",
    "mean",
    "ci_low",
    "ci_high",
    "band_low",
    "band_high",
    "n_sessions",
    "n_clusters",
    "note",
]
ROLES = ["patient", "therapist", "gap"]


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


def one_session(name: str, roles: str, scores: list[float | None]) -> pl.DataFrame:
    """Turns of one session; `roles` has a letter a turn."""
    words = [{"p": "patient", "t": "therapist"}[letter] for letter in roles]
    return pl.DataFrame(
        {"session_id": name, "turn_index": range(len(words)), "role": words, "bond": scores},
        schema_overrides={"bond": pl.Float64},
    )


def means(table: pl.DataFrame, role: str) -> list[float | None]:
    return table.filter(role=role)["mean"].to_list()


def counts(table: pl.DataFrame, role: str) -> list[int]:
    return table.filter(role=role)["n_sessions"].to_list()


def test_points_worked_out_by_hand() -> None:
    # u of five turns: 0, .25, .5, .75, 1. The turn at .5 begins the second bin, the turn at 1 ends it.
    first = one_session("a", "ptptp", [1.0, 2.0, 3.0, 8.0, 5.0])
    second = one_session("b", "ptptp", [2.0, None, None, 4.0, 6.0])
    table = ak.trajectories(pl.concat([first, second]), bins=2)
    assert table["u"].unique(maintain_order=True).to_list() == [0.25, 0.75]
    assert means(table, "patient") == [(1.0 + 2.0) / 2, ((3.0 + 5.0) / 2 + 6.0) / 2]
    assert means(table, "therapist") == [2.0, (8.0 + 4.0) / 2]
    assert means(table, "gap") == [2.0 - 1.0, ((8.0 - 4.0) + (4.0 - 6.0)) / 2]
    assert [counts(table, role) for role in ROLES] == [[2, 2], [1, 2], [1, 2]]


@pytest.mark.parametrize("bins", [3, 7, 10, 29])
def test_a_turn_on_the_border_of_two_bins_is_in_the_later_one(bins: int) -> None:
    scores = [float(rank) for rank in range(4 * bins + 1)]
    table = ak.trajectories(one_session("a", "p" * len(scores), list[float | None](scores)), bins=bins)
    expected = [4 * at + 1.5 for at in range(bins - 1)] + [4 * bins - 2.0]
    assert means(table, "patient") == expected


def test_a_bin_without_turns_keeps_its_row_and_says_so() -> None:
    table = ak.trajectories(one_session("a", "pt", [1.0, 2.0]), bins=3)
    assert means(table, "patient") == [1.0, None, None]
    assert means(table, "gap") == [None, None, None]
    assert counts(table, "therapist") == [0, 0, 1]
    assert all("no session with a value here" in note for note in table.filter(pl.col("n_sessions") == 0)["note"])


def test_a_session_with_one_role_is_in_that_roles_curve_and_not_in_the_gap() -> None:
    turns = corpus()
    alone = turns.filter((pl.col("session_id") != "s00") | (pl.col("role") == "patient"))
    table, whole = ak.trajectories(alone, bins=2, resamples=99), ak.trajectories(turns, bins=2, resamples=99)
    assert [counts(table, role) for role in ROLES] == [[8, 8], [7, 7], [7, 7]]
    assert means(table, "therapist") != means(whole, "therapist")


def test_columns_and_rows_come_in_the_stated_order() -> None:
    turns = corpus().with_columns(task=pl.col("bond"))
    table = ak.trajectories(turns, by="condition", bins=3, scales=["task", "bond"])
    assert table.columns == COLUMNS
    expected = [
        (condition, scale, role, pytest.approx(u))
        for condition in ("grief", "worry")
        for scale in ("task", "bond")
        for role in ROLES
        for u in (1 / 6, 3 / 6, 5 / 6)
    ]
    assert table.select("condition", "scale", "role", "u").rows() == expected


def test_a_group_is_what_its_sessions_alone_give() -> None:
    turns = corpus(sessions=14)
    table = ak.trajectories(turns, by="condition", bins=2, resamples=99)
    for condition in ("grief", "worry"):
        alone = ak.trajectories(turns.filter(condition=condition), bins=2, resamples=99)
        assert_frame_equal(table.filter(condition=condition).drop("condition"), alone, check_exact=True)


def test_a_list_of_labels_puts_a_session_in_each_group() -> None:
    turns = corpus().with_columns(condition=pl.concat_list(pl.col("condition"), pl.lit("all")))
    table = ak.trajectories(turns, by="condition", bins=1, resamples=99).filter(role="gap")
    assert table["condition"].to_list() == ["all", "grief", "worry"]
    assert table["n_sessions"].to_list() == [8, 4, 4]


@given(st.permutations(range(8 * 12)))
def test_the_order_of_rows_changes_no_bit(order: list[int]) -> None:
    turns = corpus()
    left, right = (ak.trajectories(table, bins=3, resamples=99) for table in (turns[order], turns))
    assert_frame_equal(left, right, check_exact=True)


def test_batches_change_no_bit_and_turns_that_lie_apart_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = corpus()
    whole = ak.trajectories(turns, by="condition", bins=3, resamples=99)
    monkeypatch.setattr("alliancekit.stats.reduction.batches.BATCH", 20)
    for table in (turns, turns.sort("turn_index"), turns.reverse()):
        assert_frame_equal(ak.trajectories(table, by="condition", bins=3, resamples=99), whole, check_exact=True)


def test_threads_change_no_bit_and_the_seed_decides() -> None:
    turns = corpus(sessions=30)
    table = ak.trajectories(turns, bins=3, resamples=400)
    assert_frame_equal(table, ak.trajectories(turns.lazy(), bins=3, resamples=400, threads=1), check_exact=True)
    other = ak.trajectories(turns, bins=3, resamples=400, seed=1)
    assert not (table["ci_low"] == other["ci_low"]).any()
    assert_frame_equal(table.select("mean", "n_sessions"), other.select("mean", "n_sessions"), check_exact=True)


def test_other_scales_do_not_move_a_curve() -> None:
    turns = corpus(sessions=30).with_columns(goal=pl.col("bond") * pl.col("turn_index"))
    both = ak.trajectories(turns, bins=3, resamples=99)
    for scale in ("bond", "goal"):
        alone = ak.trajectories(turns, scales=[scale], bins=3, resamples=99)
        assert_frame_equal(both.filter(scale=scale), alone, check_exact=True)


def test_columns_of_other_forms_are_no_labels_and_may_be_scales() -> None:
    turns = corpus(sessions=12)
    more = turns.with_columns(bond_patient_form=pl.col("bond"), bond_therapist_form=-pl.col("bond"))
    plain = ak.trajectories(turns, bins=2, resamples=99)
    assert_frame_equal(ak.trajectories(more, bins=2, resamples=99), plain, check_exact=True)
    asked = ak.trajectories(more, scales=["bond_patient_form"], bins=2, resamples=99)
    assert_frame_equal(asked.drop("scale"), plain.drop("scale"), check_exact=True)


def test_the_curves_are_those_of_plain_numpy() -> None:
    with (GOLDEN / "trajectories_turns.csv").open(encoding="utf-8") as file:
        rows = [
            (row["session_id"], int(row["turn_index"]), row["role"], row["therapist_id"], float(row["bond"] or "nan"))
            for row in csv.DictReader(file)
        ]
    names = ["session_id", "turn_index", "role", "therapist_id", "bond"]
    turns = pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("bond").fill_nan(None))
    golden = json.loads((GOLDEN / "trajectories.json").read_text(encoding="utf-8"))
    table = ak.trajectories(turns, bins=4, resamples=20_000)
    for found, expected in zip(table.iter_rows(named=True), golden, strict=True):
        exact = {name: expected[name] for name in ("role", "u", "n_sessions", "n_clusters")}
        assert {name: found[name] for name in exact} == exact
        assert found["mean"] == pytest.approx(expected["mean"], abs=1e-12)
        for bound in ("ci_low", "ci_high"):
            assert expected[bound][0] <= found[bound] <= expected[bound][1]
        lower, upper = found["mean"] - found["band_low"], found["band_high"] - found["mean"]
        assert expected["half_band"][0] <= lower <= expected["half_band"][1]
        assert lower == pytest.approx(upper)


def test_a_planted_trend_comes_back() -> None:
    turns = simulate({"anxiety": 150}, scales=("bond",), turns=60, gap=0.6, closing_rate=0.8, icc=0.05, seed=3)
    table = ak.trajectories(turns, scales=["bond"], bins=5, resamples=400).filter(role="gap")
    # A bin of 12 turns among 60 has its middle within .01 of the point, and the curve falls by .8.
    for row in table.iter_rows(named=True):
        assert row["band_low"] - 0.01 <= 0.6 - 0.8 * (row["u"] - 0.5) <= row["band_high"] + 0.01
    assert table["band_low"][0] > table["band_high"][-1]


def test_bands_hold_a_flat_curve_as_often_as_they_say() -> None:
    held = 0
    for seed in range(60):
        turns = simulate({"a": 30}, turns=20, scales=("bond",), gap=0.3, autocorrelation=0.3, seed=seed)
        table = ak.trajectories(turns, scales=["bond"], bins=10, resamples=199, seed=seed).filter(role="gap")
        held += bool(((table["band_low"] <= 0.3) & (table["band_high"] >= 0.3)).all())
    # Fewer than 49 of 60 has a chance of 2e-6 at .95; pointwise intervals hold about 36 such curves.
    assert held >= 49


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (pl.col("bond").replace(0.0, float("nan")), DataError, "NaN or infinity"),
        (pl.lit("witness").alias("role"), RoleError, "witness"),
        (pl.lit(0).alias("turn_index"), DataError, "turn_index twice"),
        (pl.lit(None, dtype=pl.Int64).alias("turn_index"), DataError, "'turn_index' is null"),
        (pl.col("turn_index").cast(pl.String).alias("condition"), DataError, "varies within session"),
    ],
)
def test_bad_turns_are_refused_by_name(change: pl.Expr, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        ak.trajectories(corpus().with_columns(change), by="condition")


def test_arguments_that_make_no_sense_are_refused() -> None:
    turns = corpus()
    with pytest.raises(ParameterError, match="over must be one of u, session_number"):
        ak.trajectories(turns, over="time")
    with pytest.raises(ParameterError, match="bins must be at least 1"):
        ak.trajectories(turns, bins=0)
    with pytest.raises(ParameterError, match="session table"):
        ak.trajectories(ak.sessions(turns))
    with pytest.raises(ColumnError, match="nowhere"):
        ak.trajectories(turns, by="nowhere")
    with pytest.raises(ColumnError, match="not a label"):
        ak.trajectories(turns, by="role")
    with pytest.raises(DataError, match="no rows"):
        ak.trajectories(turns.clear())
