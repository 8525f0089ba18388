"""Differences at equal covariates."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.stats.contrast.adjustment import without_own_cluster

RNG = np.random.default_rng(8)
COUNT = 60
LENGTH = np.round(30 + 20 * RNG.random(COUNT) + 15 * (np.arange(COUNT) < 25)).astype(np.int64)

AGE = RNG.permutation(COUNT) + 20.0


def sessions(noise: float = 0.2) -> pl.DataFrame:
    """Longer sessions have larger gaps, and those of `a` are longer; at equal length `a` has .3 more."""
    target = np.arange(COUNT) < 25
    gap = 0.02 * LENGTH + 0.3 * target + noise * np.random.default_rng(9).normal(size=COUNT)
    return pl.DataFrame(
        {
            "session_id": [f"s{number:02}" for number in range(COUNT)],
            "scale": "bond",
            "condition": np.where(target, "a", "b"),
            "therapist_id": [f"t{number // 2}" for number in range(COUNT)],
            "patient_mean": 0.0,
            "therapist_mean": gap,
            "gap": gap,
            "gap_product": gap * gap,
            "n_patient": LENGTH // 2,
            "n_therapist": LENGTH - LENGTH // 2,
            "age": AGE,
        }
    )


TABLE = sessions()


def compared(table: pl.DataFrame, *covariates: str, weight: str = "session") -> dict[str, Any]:
    found = ak.compare(table, target="a", measures="gap", covariates=covariates, weight=weight, resamples=199)
    return dict(found.row(0, named=True))


def test_what_length_explains_is_taken_out() -> None:
    assert compared(sessions(0.0), "n_turns")["difference"] == pytest.approx(0.3, abs=1e-9)
    assert compared(sessions(0.0))["difference"] > 0.5
    row = compared(sessions(), "n_turns")
    assert row["ci_low"] < 0.3 < row["ci_high"]
    assert row["difference"] == pytest.approx(row["target_value"] - row["reference_value"], abs=1e-12)


@pytest.mark.parametrize("weight", ["session", "cluster", "turn"])
def test_weights_are_those_of_weighted_least_squares(weight: str) -> None:
    weights = {"session": np.ones(COUNT), "cluster": np.full(COUNT, 0.5), "turn": LENGTH.astype(np.float64)}[weight]
    table = sessions().filter(pl.int_range(pl.len()) != 24)
    kept = np.arange(COUNT) != 24
    if weight == "cluster":
        weights[25] = 1.0  # its therapist has no other session of that condition
    design = np.stack([np.ones(COUNT), np.arange(COUNT) < 25, LENGTH, AGE], axis=1)[kept]
    root = np.sqrt(weights[kept])[:, None]
    expected = np.linalg.lstsq(root * design, root[:, 0] * table["gap"].to_numpy(), rcond=None)[0][1]
    assert compared(table, "n_turns", "age", weight=weight)["difference"] == pytest.approx(expected, abs=1e-9)


@given(st.floats(-1e4, 1e4), st.floats(1e-3, 1e3))
def test_the_units_of_a_covariate_do_not_matter(zero: float, unit: float) -> None:
    moved = TABLE.with_columns(age=pl.col("age") * unit + zero)
    one, other = (compared(table, "age", "n_turns") for table in (TABLE, moved))
    for name in ("difference", "difference_se", "ci_low", "ci_high", "effect_size"):
        assert one[name] == pytest.approx(other[name], abs=1e-6)
    assert one["p_value"] == pytest.approx(other["p_value"], abs=0.02)


def test_a_constant_or_a_repeated_covariate_changes_nothing() -> None:
    table = TABLE.with_columns(ward=pl.lit(0.1), older=pl.col("age") + 1.0)
    for more in ("ward", "older"):
        one, other = compared(table, "age"), compared(table, "age", more)
        for name in ("difference", "difference_se", "ci_low", "ci_high"):
            assert other[name] == pytest.approx(one[name], abs=1e-9)


def test_covariates_that_tell_the_arms_apart_leave_nothing_to_compare() -> None:
    table = TABLE.with_columns(arm=(pl.col("condition") == "a").cast(pl.Int64))
    row = compared(table, "arm", "age")
    assert (row["difference"], row["ci_low"], row["p_value"]) == (None, None, None)
    assert row["note"].startswith("no difference: the covariates tell the arms apart exactly")


def test_sessions_without_a_covariate_are_left_out_and_counted() -> None:
    lacking = TABLE.with_columns(age=pl.when(pl.int_range(pl.len()) % 10 != 3).then(pl.col("age")))
    found = ak.compare(lacking, target="a", covariates="age", resamples=199)
    complete = ak.compare(lacking.drop_nulls("age"), target="a", covariates="age", resamples=199)
    assert all("sessions left out, without a covariate: 6" in note for note in found["note"])
    assert_frame_equal(found.drop("note", "effect_size_pooled"), complete.drop("note", "effect_size_pooled"))


def test_a_covariate_that_only_one_cluster_has_is_no_obstacle() -> None:
    table = TABLE.with_columns(rare=(pl.col("therapist_id") == "t3").cast(pl.Int64) * pl.int_range(pl.len()))
    row = compared(table, "rare", "age")
    assert row["ci_low"] < row["difference"] < row["ci_high"]


def test_residuals_are_about_the_slopes_of_the_other_clusters() -> None:
    rng = np.random.default_rng(3)
    covariates, weights, clusters = rng.normal(size=(30, 2)), 1 + rng.random(30), np.arange(30) // 3
    values = rng.normal(size=30)
    root = np.sqrt(weights)

    def slopes(kept: np.ndarray) -> np.ndarray:
        return np.asarray(
            np.linalg.lstsq(root[kept, None] * covariates[kept], root[kept] * values[kept], rcond=None)[0]
        )

    residual = values - covariates @ slopes(np.ones(30, dtype=bool))
    expected = np.concatenate(
        [(values - covariates @ slopes(clusters != cluster))[clusters == cluster] for cluster in range(10)]
    )
    assert without_own_cluster(residual, covariates, weights, clusters) == pytest.approx(expected, abs=1e-7)
