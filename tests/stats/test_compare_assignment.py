"""What labels are permuted, where that is known only in part, and the p that follows."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import alliancekit as ak
from alliancekit.stats.contrast.assignment import assignment
from alliancekit.stats.contrast.sample import Sample
from alliancekit.stats.contrast.tails import tails
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.quick import simulate_sessions


def sample(clusters: list[int], patients: list[int], target: list[bool]) -> Sample:
    count = len(clusters)
    return Sample(
        (("bond", "gap"),),
        np.arange(count, dtype=np.float64)[:, None],
        np.ones((count, 1)),
        np.unique(clusters, return_inverse=True)[1],
        np.unique(patients, return_inverse=True)[1],
        np.array(target),
    )


def test_labels_belong_to_the_highest_unit_in_which_they_are_constant() -> None:
    # Therapists 0 and 1 have one arm. In 2 each patient has one arm; in 3 patient 6 has both, and 7 has one.
    therapists = [0, 0, 1, 2, 2, 2, 3, 3, 3, 3]
    patients = [0, 1, 2, 3, 4, 4, 6, 6, 7, 7]
    target = [True, True, False, True, False, False, True, False, False, False]
    found = assignment(sample(therapists, patients, target))
    units = [sorted(np.flatnonzero(found.unit == unit)) for unit in range(len(found.blocks))]
    blocks = [[units[unit] for unit in np.flatnonzero(found.blocks == block)] for block in np.unique(found.blocks)]
    assert sorted(blocks) == [[[0, 1], [2]], [[3], [4, 5]], [[6], [7]], [[8, 9]]]
    assert (found.whole, found.blocks_of_patients, found.blocks_of_sessions) == (2, 2, 1)
    assert found.log_arrangements == pytest.approx(math.log(2 * 2 * 2 * 1))


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 2), st.booleans()), min_size=2, max_size=30))
def test_a_unit_has_one_label_one_cluster_and_one_block(rows: list[tuple[int, int, bool]]) -> None:
    therapists, places, target = (list(column) for column in zip(*rows, strict=True))
    patients = [3 * therapist + place for therapist, place in zip(therapists, places, strict=True)]
    given_sample = sample(therapists, patients, target)
    found = assignment(given_sample)
    assert np.array_equal(found.target[found.unit], given_sample.target)
    assert np.array_equal(found.clusters[found.unit], given_sample.clusters)
    assert np.all(np.diff(found.blocks) >= 0)
    assert set(found.unit) == set(range(len(found.blocks)))
    # Where both labels are, something can change places.
    assert (found.log_arrangements > 0) == (0 < sum(target) < len(target))


def compared(plan: SimulationPlan, drop: tuple[str, ...] = ()) -> str:
    table = simulate_sessions(plan, seed=1).drop(drop)
    return str(ak.compare(table, target="a", measures="gap", resamples=399)["note"][0])


def test_the_level_is_named() -> None:
    nested = SimulationPlan({"a": 30, "b": 40}, turns=12, scales=("bond",), sessions_per_dyad=2)
    assert "labels permuted: 35 whole therapists; clusters: therapists" in compared(nested)
    assert "labels permuted: 35 whole patients; clusters: patients" in compared(nested, ("therapist_id",))
    assert "labels permuted: 70 sessions; clusters: sessions" in compared(nested, ("therapist_id", "patient_id"))
    crossed = SimulationPlan(
        {"a": 40, "b": 40}, turns=12, scales=("bond",), therapists="crossed", dyads_per_therapist=4
    )
    table = simulate_sessions(crossed, seed=1)
    mixed = table.group_by("therapist_id").agg(pl.col("condition").n_unique() == 2)["condition"].sum()
    assert f"labels permuted: patients within {mixed} therapists" in compared(crossed)
    assert f"labels permuted: sessions within {mixed} therapists" in compared(crossed, ("patient_id",))
    assert "labels permuted: 80 whole patients" in compared(crossed, ("therapist_id",))


def test_a_condition_that_varies_within_patients_moves_between_their_sessions() -> None:
    plan = SimulationPlan({"a": 40}, turns=12, scales=("bond",), sessions_per_dyad=4)
    table = simulate_sessions(plan, seed=1).with_columns(
        condition=pl.when(pl.col("session_number") == 1).then(pl.lit("first")).otherwise(pl.lit("later"))
    )
    for dropped in ([], ["therapist_id"]):
        note = ak.compare(table.drop(dropped), target="first", measures="gap", resamples=399)["note"][0]
        assert "labels permuted: sessions within 10 patients" in note


def test_sessions_of_unknown_therapists_are_units_of_the_finer_level() -> None:
    plan = SimulationPlan({"a": 30, "b": 30}, turns=12, scales=("bond",), sessions_per_dyad=2, dyads_per_therapist=3)
    table = simulate_sessions(plan, seed=1).with_columns(
        therapist_id=pl.when(pl.col("session_number") == 1).then(pl.col("therapist_id"))
    )
    row = ak.compare(table, target="a", measures="gap", resamples=399).row(0, named=True)
    # Five therapists and fifteen patients in each arm.
    assert (row["n_clusters_target"], row["n_clusters_reference"]) == (20, 20)
    assert "30 sessions without therapist_id are clustered by patient" in row["note"]


def test_few_arrangements_limit_p_and_that_is_said() -> None:
    plan = SimulationPlan({"a": 6, "b": 6}, turns=12, scales=("bond",), gap={"a": 50.0})
    row = ak.compare(simulate_sessions(plan, seed=1), target="a", measures="gap", resamples=9999).row(0, named=True)
    # 924 ways to choose 6 of 12; the labels as they are and the other way round are the most extreme.
    assert row["p_value"] == pytest.approx(2 / 924, abs=2 * 6 * math.sqrt(1 / 924 / 9999))
    assert "smallest" not in row["note"]
    few = ak.compare(simulate_sessions(plan, seed=1), target="a", measures="gap", resamples=99)
    assert "smallest attainable p 0.02" in few["note"][0]


def test_replicates_without_a_statistic_count_as_extreme() -> None:
    replicates = np.array([[np.nan, np.nan], [0.0, 0.0], [2.0, -2.0]])
    found = tails(np.array([1.0, np.nan]), replicates)
    assert found.greater[0] == pytest.approx(3 / 4)
    assert found.less[0] == pytest.approx(3 / 4)
    assert np.isnan(found.two_sided[1])


def test_a_skewed_value_keeps_its_power_on_both_sides() -> None:
    """With sizes alone, |t|, the long tail of one side would hide what lies on the other."""
    rng = np.random.default_rng(2)
    pool = rng.gamma(0.3, size=900)
    drawn = np.array([pool[rng.integers(0, 900, 12)] for _ in range(4000)])
    replicates = (drawn.mean(axis=1) - pool.mean()) / (drawn.std(axis=1, ddof=1) / np.sqrt(12))
    high = np.quantile(replicates, 0.99)
    found = tails(np.array([high]), replicates[:, None])
    assert found.two_sided[0] < 0.05 < np.mean(np.abs(replicates) >= high)


def test_differences_within_therapists_are_found_whatever_the_therapists_level() -> None:
    plan = SimulationPlan(
        {"a": 60, "b": 60},
        turns=40,
        scales=("bond",),
        gap={"a": 0.5},
        therapists="crossed",
        dyads_per_therapist=4,
        icc={"session": 0.02},
    )
    table = simulate_sessions(plan, seed=1).filter(pl.col("condition").n_unique().over("therapist_id") == 2)
    level = (pl.col("therapist_id").rank("dense") * 7919 % 30).cast(pl.Float64)
    moved = table.with_columns(gap=pl.col("gap") + level)
    one, other = (ak.compare(frame, target="a", measures="gap")["p_value"][0] for frame in (table, moved))
    assert one < 0.001
    assert other < 0.001
