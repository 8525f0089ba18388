"""Whether a condition is larger than every other one."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

import alliancekit as ak
from alliancekit.stats.inference.intervals import holm
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.quick import simulate_sessions

PLAN = SimulationPlan(
    {"high": 30, "low": 40, "middle": 50, "scarce": 5},
    turns=20,
    scales=("task", "bond"),
    gap={"high": 0.6, "middle": 0.3, "low": 0.0, "scarce": 0.1},
    icc=0.02,
)
SESSIONS = simulate_sessions(PLAN, seed=1)
PLENTY = SESSIONS.filter(pl.col("condition") != "scarce")


def rows(table: pl.DataFrame, target: str, scale: str = "bond") -> dict[str, dict[str, Any]]:
    found = ak.compare(table, target=target, measures="gap", largest=True, resamples=499)
    return {row["reference"]: row for row in found.filter(scale=scale).iter_rows(named=True)}


def test_every_single_test_has_to_reject() -> None:
    found = rows(PLENTY, "high")
    assert list(found) == ["low", "middle", "rest", "every other"]
    # Both differences are positive, so that each one-sided p is half of the two-sided one.
    halves = {name: found[name]["p_value"] / 2.0 for name in ("low", "middle")}
    assert found["every other"]["p_value"] == pytest.approx(max(halves.values()))
    assert found["every other"]["p_value"] < 0.05
    assert found["every other"]["difference"] == found["middle"]["difference"] < found["low"]["difference"]
    assert (found["every other"]["ci_low"], found["every other"]["ci_high"]) == (None, None)
    assert "the nearest is 'middle'" in found["every other"]["note"]
    assert found["every other"]["n_reference"] == 40


def test_a_condition_below_another_is_not_the_largest() -> None:
    found = rows(PLENTY, "middle")
    assert found["every other"]["difference"] == found["high"]["difference"] < 0
    assert found["every other"]["p_value"] > 0.5


def test_one_condition_that_cannot_be_tested_leaves_it_open() -> None:
    found = rows(SESSIONS, "high")
    assert found["every other"]["p_value"] is None
    assert found["every other"]["p_adjusted"] is None
    assert "no p: none against 'scarce'" in found["every other"]["note"]
    assert found["rest"]["p_value"] is not None


def test_holm_is_over_scales_only() -> None:
    table = ak.compare(PLENTY, target="high", largest=True, resamples=499)
    for measure in ("gap", "misalignment"):
        family = table.filter(measure=measure, reference="every other")
        assert family["p_adjusted"].to_list() == holm(family["p_value"].to_list())
    single = ak.compare(PLENTY, target="high", resamples=499)
    assert table.filter(pl.col("reference") != "every other").equals(single)
