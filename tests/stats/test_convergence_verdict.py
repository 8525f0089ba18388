"""Verdicts and the equivalence test behind `no convergence`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped]  # it ships no types

import alliancekit as ak
from alliancekit.stats.closing.equivalence import equivalence
from alliancekit.stats.closing.verdict import adjusted, verdict
from alliancekit.stats.inference.yardstick import pooled_sd
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.quick import simulate_sessions

T = stats.t(20).ppf((np.arange(20_000) + 0.5) / 20_000)
CORPORA = 120
MOST = CORPORA * 0.05 + 4 * (CORPORA * 0.05 * 0.95) ** 0.5
"""Rejections at .05 of that many corpora: what is expected and four standard errors."""
BASE = {
    "closing_rate": 0.3,
    "gap_mid_low": 0.1,
    "gap_mid_high": 0.5,
    "p_adjusted": 0.01,
    "p_equivalence_adjusted": 0.9,
}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "converging"),
        ({"closing_rate": -0.3}, "diverging"),
        ({"gap_mid_low": -0.5, "gap_mid_high": -0.1}, "converging"),
        ({"gap_mid_low": -0.1}, "no evidence"),
        ({"gap_mid_low": None, "gap_mid_high": None}, "no evidence"),
        ({"p_adjusted": 0.2}, "no evidence"),
        ({"p_adjusted": 0.2, "p_equivalence_adjusted": 0.01}, "no convergence"),
        ({"p_adjusted": 0.01, "p_equivalence_adjusted": 0.01}, "converging"),
        ({"p_adjusted": None, "p_equivalence_adjusted": None}, "no evidence"),
        ({"closing_rate": None, "p_equivalence_adjusted": 0.01}, "no evidence"),
    ],
)
def test_verdicts(changes: dict[str, Any], expected: str) -> None:
    assert verdict(BASE | changes, 0.05) == expected


@given(st.floats(-2, 2), st.floats(0.05, 1), st.floats(0.1, 2))
def test_equivalence_is_the_larger_of_two_one_sided_t_tests(value: float, error: float, margin: float) -> None:
    lower, upper = stats.t(20).sf((value + margin) / error), stats.t(20).cdf((value - margin) / error)
    assert equivalence(value, error, T, margin) == pytest.approx(max(lower, upper), abs=2e-4)


@given(st.floats(-2, 2), st.floats(0.05, 1))
def test_equivalence_agrees_with_the_interval_of_90_per_cent(value: float, error: float) -> None:
    half = stats.t(20).ppf(0.95) * error
    margin = 1.0
    inside = -margin < value - half and value + half < margin
    near = min(abs(value - half + margin), abs(value + half - margin)) < 1e-3
    assert near or (equivalence(value, error, T, margin) <= 0.05) == inside


def test_equivalence_is_mirrored_with_the_sign() -> None:
    assert equivalence(0.3, 0.2, T, 0.8) == equivalence(-0.3, 0.2, -T[::-1], 0.8)


def test_without_error_or_margin_there_is_no_equivalence() -> None:
    assert np.isnan(equivalence(0.0, 0.0, T, 1.0))
    assert np.isnan(equivalence(0.0, np.nan, T, 1.0))
    assert np.isnan(equivalence(0.0, 1.0, T, np.nan))


def test_equivalence_is_corrected_over_scales_but_not_total() -> None:
    rows: list[dict[str, Any]] = [{"scale": name, "p": p} for name, p in [("task", 0.01), ("bond", 0.02)]]
    rows.append({"scale": "total", "p": 0.02})
    assert adjusted(rows, "p") == pytest.approx([0.02, 0.02, 0.02])


def test_many_sessions_without_convergence_show_it_and_few_do_not() -> None:
    def sessions(count: int) -> dict[str, Any]:
        plan = SimulationPlan({"a": count}, turns=60, gap=0.5, scales=("bond",), sessions_per_dyad=1)
        return ak.convergence(simulate_sessions(plan, seed=11), margin=0.5, resamples=399, coupling=False).row(
            0, named=True
        )

    assert sessions(600)["verdict"] == "no convergence"
    assert sessions(12)["verdict"] == "no evidence"


def test_a_closing_rate_at_the_margin_is_not_taken_for_none() -> None:
    # The two one-sided tests hold their level at the margin.
    plan = SimulationPlan(
        {"a": 40}, turns=24, gap=1.0, closing_rate=0.8, scales=("bond",), icc=0.05, autocorrelation=0.3
    )
    accepted = 0
    for seed in range(CORPORA):
        table = simulate_sessions(plan, seed=seed)
        margin = 0.8 / pooled_sd(table)["bond"]
        row = ak.convergence(table, margin=margin, resamples=99, coupling=False).row(0, named=True)
        accepted += row["p_equivalence"] <= 0.05
    assert accepted <= MOST


def test_slopes_that_differ_are_no_closing_rate() -> None:
    # Dyads whose gaps close or open at random, autocorrelated turns, skewed.
    plan = SimulationPlan(
        {"a": 24},
        turns=24,
        gap=0.5,
        scales=("bond",),
        sessions_per_dyad=2,
        slope_sd={"dyad": 1.0},
        autocorrelation=0.5,
        skew=1.0,
    )
    found = [
        ak.convergence(simulate_sessions(plan, seed=seed), resamples=199, coupling=False)["p_value"].item()
        for seed in range(CORPORA)
    ]
    assert sum(p <= 0.05 for p in found) <= MOST
