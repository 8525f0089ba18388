"""Coupling: which exchanges, which pairs, what the p is of, and why there may be none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.stats.coupling.mismatch import deviation, statistic
from alliancekit.stats.coupling.pairs import MOST, Pairs, mismatched
from alliancekit.stats.coupling.series import LENGTH, START, exchanges
from alliancekit.stats.inference.resample import Plan
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.quick import simulate_sessions

GOLDEN = Path(__file__).parents[1] / "golden"
COUPLING = ("coupling", "coupling_low", "coupling_high", "coupling_p_value", "coupling_mismatched")


def corpus(plan: SimulationPlan, seed: int = 1) -> pl.DataFrame:
    """Turns of the plan, its scales alone."""
    return simulate(plan, seed=seed).drop("total", "n_tokens", "truncated")


def coupling(turns: pl.DataFrame, **options: int) -> dict[str, Any]:
    """The only row of the table."""
    rows: list[dict[str, Any]] = ak.convergence(turns, **({"resamples": 199} | options)).to_dicts()  # type: ignore[arg-type]  # by name
    assert len(rows) == 1
    return rows[0]


def people(turns: pl.DataFrame, patients: list[str | None], therapists: list[str | None]) -> pl.DataFrame:
    """Give the sessions, in their order, these people."""
    names = turns["session_id"].unique().sort()
    known = pl.DataFrame({"session_id": names, "patient_id": patients, "therapist_id": therapists})
    return turns.drop("patient_id", "therapist_id").join(known, on="session_id", how="left")


PLAN = SimulationPlan({"a": 12}, turns=40, turns_cv=0.3, scales=("bond",), coupling=0.4, autocorrelation=0.3)


def test_the_golden_corpus_gives_the_values_of_scipy() -> None:
    expected = json.loads((GOLDEN / "convergence.json").read_text(encoding="utf-8"))
    row = coupling(pl.read_csv(GOLDEN / "convergence_turns.csv"), resamples=20_000)
    for name in ("coupling", "coupling_mismatched"):
        assert row[name] == pytest.approx(expected[name], rel=1e-9)
    # Five standard errors of 20,000 replicates; the tail of eight clusters' t is long.
    p = expected["coupling_p_value"]
    assert row["coupling_p_value"] == pytest.approx(p, abs=5 * (p * (1 - p) / 20_000) ** 0.5)
    assert [row["coupling_low"], row["coupling_high"]] == pytest.approx(
        [expected["coupling_low"], expected["coupling_high"]], abs=0.03
    )
    assert row["n_coupled"] == 24


def test_an_exchange_is_an_answer_to_a_patients_turn_and_both_have_a_score() -> None:
    turns = pl.DataFrame(
        {
            "session_id": ["b"] * 6 + ["a"] * 5,
            "turn_index": [5, 4, 3, 2, 1, 0, 0, 1, 2, 3, 4],
            "role": [*["therapist", "patient"] * 3, "therapist", "patient", "patient", "therapist", "therapist"],
            "bond": [16.0, 15.0, None, 13.0, 12.0, 11.0, 1.0, 2.0, 3.0, 4.0, 5.0],
        }
    )
    found = exchanges(turns, ["bond"])
    assert found is not None
    series = found["bond"]
    scores = {}
    for session, start, length in series.places.select("session_id", START, LENGTH).iter_rows():
        mine = slice(start, start + length)
        scores[session] = (series.patient[mine].tolist(), series.therapist[mine].tolist())
    assert scores == {"a": ([3.0], [4.0]), "b": ([11.0, 15.0], [12.0, 16.0])}


def test_exchanges_are_those_of_the_session_table() -> None:
    turns = corpus(PLAN).with_columns(
        bond=pl.when(pl.int_range(pl.len()) % 7 != 3).then("bond"),
        role=pl.when(pl.int_range(pl.len()) % 11 == 5).then(pl.lit("patient")).otherwise("role"),
    )
    found = exchanges(turns, ["bond"])
    assert found is not None
    counted = ak.sessions(turns).select("session_id", "n_exchanges")
    assert_frame_equal(found["bond"].places.select("session_id", n_exchanges=LENGTH).sort("session_id"), counted)


def test_planted_coupling_is_found_and_mismatched_pairs_have_none() -> None:
    row = coupling(corpus(PLAN, seed=3))
    assert row["coupling_low"] < 0.4 < row["coupling_high"]
    assert row["coupling_p_value"] <= 0.01
    assert abs(row["coupling_mismatched"]) < 0.1


def test_coupling_of_the_opposite_sign_is_found_too() -> None:
    row = coupling(corpus(SimulationPlan({"a": 30}, scales=("bond",), coupling=-0.4), seed=4))
    assert row["coupling_high"] < 0
    assert row["coupling_p_value"] <= 0.01


def test_sides_that_are_the_same_are_coupled_by_one() -> None:
    turns = corpus(PLAN).with_columns(exchange=pl.col("turn_index") // 2)
    same = turns.with_columns(bond=pl.col("bond").first().over("session_id", "exchange"))
    row = coupling(same)
    assert row["coupling"] == pytest.approx(1.0)
    assert row["coupling_high"] is None or row["coupling_high"] <= 1.0


def test_what_all_sessions_have_in_common_is_no_coupling() -> None:
    # Every session has the same waves on both sides: they correlate, and no more than strangers' do.
    wave = pl.when(pl.col("turn_index") // 2 % 6 < 3).then(1.0).otherwise(-1.0)
    plan = SimulationPlan({"a": 40}, turns=48, scales=("bond",))
    row = coupling(corpus(plan, seed=5).with_columns(bond=pl.col("bond") + wave))
    assert row["coupling_low"] > 0.3
    assert row["coupling_mismatched"] == pytest.approx(row["coupling"], abs=0.1)
    assert row["coupling_p_value"] > 0.01


@settings(max_examples=20)
@given(
    st.lists(
        st.tuples(st.sampled_from(["p1", "p2", "p3", None]), st.sampled_from(["t1", "t2", None])),
        min_size=12,
        max_size=12,
    ),
    st.integers(0, 2**64 - 1),
)
def test_no_pair_shares_a_patient_or_a_therapist(ids: list[tuple[str | None, str | None]], seed: int) -> None:
    # Sessions are told apart by their length, so that a pair's exchanges tell which two it is of.
    lengths = [20 + 2 * at for at in range(12)]
    turns = corpus(SimulationPlan({"a": 12}, turns=60, scales=("bond",)))
    turns = turns.filter(pl.col("turn_index") < pl.col("session_id").rank("dense").cast(pl.Int64) * 2 + 18)
    turns = people(turns, [one for one, _ in ids], [one for _, one in ids])
    series = exchanges(turns, ["bond"])
    assert series is not None
    table = ak.sessions(turns)
    pairs = mismatched(table, series["bond"], Plan(seed=seed))

    def strangers(one: int, other: int) -> bool:
        return one != other and all(a is None or a != b for a, b in zip(ids[one], ids[other], strict=True))

    for at, length in enumerate(lengths):
        expected = sorted(min(length, lengths[other]) // 2 for other in range(12) if strangers(at, other))
        assert sorted(pairs.exchanges[at][pairs.exchanges[at] > 0]) == expected
    assert pairs.counts.tolist() == np.count_nonzero(~np.isnan(pairs.correlations), axis=1).tolist()


def test_a_pair_is_one_patient_and_one_other_therapist_without_trend() -> None:
    turns = corpus(PLAN)
    series = exchanges(turns, ["bond"])
    assert series is not None
    table = ak.sessions(turns)
    pairs = mismatched(table, series["bond"], Plan())
    wide = {
        (session, role): part["bond"].to_numpy()
        for (session, role), part in turns.group_by("session_id", "role", maintain_order=True)
    }
    names = table["session_id"].to_list()
    for at, name in enumerate(names):
        expected = []
        for other in names[:at] + names[at + 1 :]:
            left, right = wide[name, "patient"], wide[other, "therapist"]
            overlap = min(len(right), len(wide[name, "therapist"]))
            place = np.arange(overlap)
            sides = [side[:overlap] - np.polyval(np.polyfit(place, side[:overlap], 1), place) for side in (left, right)]
            expected.append(np.corrcoef(sides)[0, 1])
        assert np.sort(pairs.correlations[at][:11]) == pytest.approx(np.sort(expected), abs=1e-5)


def test_one_therapist_leaves_no_valid_pair() -> None:
    row = coupling(people(corpus(PLAN), [f"p{at}" for at in range(12)], ["t"] * 12))
    assert row["coupling"] is not None
    assert row["coupling_p_value"] is None
    assert "share neither patient nor therapist" in row["note"]


@pytest.mark.parametrize(
    ("patients", "therapists", "reason"),
    [
        ([0, 0, 0, 1, 1, 1], [0, 1, 2, 3, 4, 5], "18 valid pairs, 20 are needed"),
        ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4], "5 sessions with enough exchanges, 6 are needed"),
        ([0, 1, 2, 3, 4, 5, 6, 7], [0, 0, 1, 1, 2, 2, 3, 3], "4 clusters, 6 are needed"),
    ],
)
def test_too_few_are_named(patients: list[int], therapists: list[int], reason: str) -> None:
    turns = corpus(SimulationPlan({"a": len(patients)}, turns=30, scales=("bond",)))
    row = coupling(people(turns, [f"p{code}" for code in patients], [f"t{code}" for code in therapists]))
    assert [row["coupling_p_value"], row["coupling_p_adjusted"], row["coupling_mismatched"]] == [None] * 3
    assert f"coupling is not tested: {reason}" in row["note"]


def test_a_session_without_partners_is_left_out_and_counted() -> None:
    # The last session has the patient of one half and the therapist of the other.
    halves = ["p0"] + ["p"] * 6 + [f"q{at}" for at in range(5)]
    turns = people(corpus(PLAN), [*halves[1:], "p"], [*[f"t{at}" for at in range(6)], *["t"] * 5, "t"])
    row = coupling(turns)
    assert "1 sessions without partners are not in the test of coupling" in row["note"]
    assert row["n_coupled"] == 12
    assert row["coupling_p_value"] is not None


def test_a_session_table_is_not_tested_and_says_why() -> None:
    turns = corpus(PLAN)
    whole, table = coupling(turns), coupling(ak.sessions(turns))
    assert [table[name] for name in COUPLING[:3]] == [whole[name] for name in COUPLING[:3]]
    assert table["coupling_p_value"] is None
    assert "pass the turn scores" in table["note"]
    bare = coupling(simulate_sessions(PLAN, seed=1))
    assert bare["coupling"] is None
    assert "no sums of exchanges" in bare["note"]


def test_scores_that_do_not_vary_have_no_coupling() -> None:
    row = coupling(corpus(PLAN).with_columns(bond=pl.when(pl.col("role") == "patient").then("bond").otherwise(0.5)))
    assert (row["coupling"], row["coupling_p_value"], row["n_coupled"]) == (None, None, 0)
    assert "coupling is unknown" in row["note"]


def test_renamed_people_change_nothing_and_neither_do_units() -> None:
    turns = corpus(SimulationPlan({"a": 24}, scales=("bond",), sessions_per_dyad=2))
    renamed = turns.with_columns(pl.col("patient_id", "therapist_id") + "x", bond=pl.col("bond") * 4)
    plain, other = coupling(turns), coupling(renamed)
    assert [other[name] for name in COUPLING] == pytest.approx([plain[name] for name in COUPLING], abs=1e-9)


def test_groups_are_paired_within_themselves() -> None:
    turns = corpus(SimulationPlan({"a": 12, "b": 12}, scales=("bond",), coupling={"a": 0.5, "b": 0.0}))
    both = ak.convergence(turns, by="condition", resamples=199)
    alone = ak.convergence(turns.filter(pl.col("condition") == "a"), by="condition", resamples=199)
    assert_frame_equal(both.head(1).select(COUPLING), alone.select(COUPLING), check_exact=True)


def test_threads_change_no_bit_of_many_pairs() -> None:
    turns = corpus(SimulationPlan({"a": 150}, turns=14, scales=("bond",)))
    assert_frame_equal(
        ak.convergence(turns, resamples=99, threads=1), ak.convergence(turns, resamples=99, threads=3), check_exact=True
    )


def test_deviations_have_the_spread_of_a_correlation_about_the_others() -> None:
    # Independent correlations over m exchanges of variance 1/(m - 2), own ones over 42: both sides of the formula.
    generator = np.random.Generator(np.random.Philox(key=[1, 1]))
    overlaps = np.array([12.0, 22.0, 42.0, 42.0, 0.0])
    there = overlaps > 0
    own = generator.normal(0, 40**-0.5, 40_000)
    others = np.where(there, generator.normal(size=(40_000, 5)) / np.sqrt(np.maximum(overlaps - 2, 1)), np.nan)
    pairs = Pairs(others, np.tile(overlaps, (40_000, 1)))
    centre, deviations = deviation(pairs, np.full(40_000, 42.0))
    assert np.mean(deviations[:, there] ** 2) == pytest.approx(np.mean((own - centre) ** 2), rel=0.03)
    assert np.abs(deviations.sum(axis=1)).max() < 1e-12


def test_the_statistic_is_a_cluster_robust_t() -> None:
    deviations, weights = np.array([0.5, -0.1, 0.4, 0.3]), np.array([1.0, 2.0, 1.0, 1.5])
    clusters = np.array([0, 0, 1, 2], dtype=np.uint32)
    residual = np.array([0.4, 0.4, 0.3]) - 1.1 / 5.5 * np.array([3.0, 1.0, 1.5])
    assert statistic(deviations, weights, clusters) == pytest.approx(1.1 / np.sqrt(1.5 * (residual**2).sum()))


def test_uncoupled_sides_seldom_look_coupled() -> None:
    # 120 corpora with autocorrelation, lengths that vary and therapists with several sessions; expected and four
    # standard errors.
    plan = SimulationPlan(
        {"a": 24}, turns=30, turns_cv=0.4, scales=("bond",), autocorrelation=0.5, sessions_per_dyad=2, icc=0.1
    )
    found = [coupling(corpus(plan, seed=seed), resamples=199)["coupling_p_value"] for seed in range(120)]
    assert sum(p <= 0.05 for p in found) <= 6 + 4 * (120 * 0.05 * 0.95) ** 0.5
    assert np.mean(found) == pytest.approx(0.5, abs=4 * (12 * 120) ** -0.5)


def test_most_partners_are_as_many_as_said() -> None:
    turns = corpus(SimulationPlan({"a": 100}, turns=12, scales=("bond",)))
    series = exchanges(turns, ["bond"])
    assert series is not None
    pairs = mismatched(ak.sessions(turns), series["bond"], Plan())
    assert set(pairs.counts.tolist()) == {MOST}
