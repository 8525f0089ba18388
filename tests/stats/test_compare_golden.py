"""Contrasts against scipy, statsmodels and hand-written numpy; tests/golden/make_compare.py wrote the values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy import stats  # type: ignore[import-untyped]

import alliancekit as ak
from alliancekit.stats.contrast.arms import arms
from alliancekit.stats.contrast.assignment import assignment
from alliancekit.stats.contrast.conditions import conditions
from alliancekit.stats.contrast.numbers import numbers, prepare
from alliancekit.stats.contrast.permutation import about_blocks, permutation
from alliancekit.stats.contrast.request import request
from alliancekit.stats.inference.clusters import with_clusters
from alliancekit.stats.inference.resample import Plan

GOLDEN = Path(__file__).parents[1] / "golden"
MEASURES = {"gap": "gap", "misalignment": "gap_product"}
RESAMPLES = 20_000
SIDES = ("greater", "two-sided")


@pytest.fixture(scope="module")
def golden() -> dict[str, Any]:
    return dict(json.loads((GOLDEN / "compare.json").read_text(encoding="utf-8")))


def sessions(corpus: str) -> pl.DataFrame:
    """Give the session table of one of the two corpora."""
    table = pl.read_csv(GOLDEN / "compare_sessions.csv").filter(pl.col("corpus") == corpus)
    return table.with_columns(scale=pl.lit("bond"), patient_mean=pl.lit(0.0), therapist_mean=pl.col("gap"))


def row(corpus: str, measure: str, covariates: tuple[str, ...] = ()) -> dict[str, Any]:
    table = ak.compare(sessions(corpus), target="pain", measures=measure, covariates=covariates)
    return dict(table.row(0, named=True))


def close_to(share: float) -> float:
    """Six standard deviations of a share of the replicates."""
    return 6.0 * float(np.sqrt(share * (1.0 - share) / RESAMPLES)) + 1.0 / RESAMPLES


@pytest.mark.parametrize("measure", MEASURES)
def test_without_clusters_it_is_welch(measure: str, golden: dict[str, Any]) -> None:
    expected, found = golden["alone"][MEASURES[measure]], row("alone", measure)
    for name in ("difference", "difference_se", "effect_size"):
        assert found[name] == pytest.approx(expected[name], rel=1e-10)


@pytest.mark.parametrize("measure", MEASURES)
def test_p_is_the_larger_of_all_permutations_and_welch(measure: str, golden: dict[str, Any]) -> None:
    expected = golden["alone"][MEASURES[measure]]
    values = sessions("alone").partition_by("condition", as_dict=True)
    pain, other = (values[key][MEASURES[measure]] for key in sorted(values, key=lambda key: key[0] != "pain"))
    welch = {side: stats.ttest_ind(pain, other, equal_var=False, alternative=side).pvalue for side in SIDES}
    table = ak.compare(sessions("alone"), target="pain", measures=measure, resamples=RESAMPLES, largest=True)
    two_sided, one_sided = table["p_value"]
    greater, both = max(expected["p_greater"], welch["greater"]), max(expected["p_value"], welch["two-sided"])
    assert one_sided == pytest.approx(greater, abs=close_to(expected["p_greater"]))
    assert two_sided == pytest.approx(both, abs=2.0 * close_to(expected["p_greater"]))


def test_the_interval_of_misalignment_is_at_least_that_of_welch(golden: dict[str, Any]) -> None:
    found, (low, high) = row("alone", "misalignment"), golden["alone"]["gap_product"]["welch"]
    assert found["ci_low"] <= low + 1e-9
    assert found["ci_high"] >= high - 1e-9


@pytest.mark.parametrize("measure", MEASURES)
def test_clusters_with_both_arms(measure: str, golden: dict[str, Any]) -> None:
    expected, found = golden["shared"][MEASURES[measure]], row("shared", measure)
    assert found["difference"] == pytest.approx(expected["difference"], rel=1e-10)
    assert found["difference_se"] == pytest.approx(expected["difference_se"], rel=1e-10)
    assert (found["n_clusters_target"], found["n_clusters_reference"]) == (6, 6)


@pytest.mark.parametrize("measure", MEASURES)
def test_labels_permuted_within_therapists(measure: str, golden: dict[str, Any]) -> None:
    expected = golden["shared"][MEASURES[measure]]
    table = with_clusters(sessions("shared").sort("session_id")).table
    asked = request(target="pain", reference=None, measures=measure, covariates=(), weight="session", largest=False)
    plan = Plan(RESAMPLES)
    pair = prepare(numbers([table], asked), arms(conditions(table, ["condition"]), asked)[0], asked, plan)
    units = assignment(pair.units)
    found = permutation(pair.units.with_values(about_blocks(pair.units, units)), units, plan, equal=False)
    assert np.exp(units.log_arrangements) == pytest.approx(expected["arrangements"])
    assert found.greater[0] == pytest.approx(
        expected["p_permutation_greater"], abs=close_to(expected["p_permutation_greater"])
    )
    assert found.two_sided[0] == pytest.approx(
        expected["p_permutation"], abs=2.0 * close_to(expected["p_permutation"] / 2.0)
    )


def test_a_difference_at_equal_length(golden: dict[str, Any]) -> None:
    found = row("alone", "gap", covariates=("n_turns",))
    assert found["difference"] == pytest.approx(golden["adjusted"]["difference"], rel=1e-8)
    assert found["difference_se"] == pytest.approx(golden["adjusted"]["difference_se"], rel=1e-6)
