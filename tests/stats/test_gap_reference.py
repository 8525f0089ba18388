"""The gap of a group against scipy and statsmodels, where they have the same estimator, and against plain numpy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm  # type: ignore[import-untyped]  # it ships no types
from scipy import stats  # type: ignore[import-untyped]  # it ships no types

import alliancekit as ak

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

GAPS = np.array([0.31, -0.12, 0.55, 0.08, 0.42, 0.27, -0.05, 0.61])
"""A gap for each session, and a therapist each."""


def turns(gaps: Floats, therapists: list[str] | None = None) -> pl.DataFrame:
    """Sessions of four turns whose gap is known in each block."""
    rows = [
        (f"s{at:02}", index, role, gap if role == "therapist" else 0.0, therapists[at] if therapists else f"t{at:02}")
        for at, gap in enumerate(gaps.tolist())
        for index, role in enumerate(["patient", "therapist"] * 10)
    ]
    return pl.DataFrame(rows, schema=["session_id", "turn_index", "role", "bond", "therapist_id"], orient="row")


def gap_of(table: pl.DataFrame, *, resamples: int = 2000) -> dict[str, Any]:
    return ak.gap(table, scales=["bond"], resamples=resamples).row(0, named=True)


def test_mean_error_and_effect_are_those_of_scipy() -> None:
    row = gap_of(turns(GAPS))
    assert row["gap"] == pytest.approx(GAPS.mean(), abs=1e-12)
    assert row["gap_se"] == pytest.approx(stats.sem(GAPS), abs=1e-12)
    assert row["effect_size"] == pytest.approx(GAPS.mean() / GAPS.std(ddof=1), abs=1e-12)
    assert row["misalignment"] == pytest.approx(np.sqrt(np.mean(GAPS**2)), abs=1e-12)


def test_the_error_of_unequal_clusters_is_that_of_statsmodels() -> None:
    clusters = [0, 0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 6, 6, 6, 7]
    gaps = np.linspace(-0.3, 0.9, len(clusters)) + 0.2 * np.cos(np.arange(len(clusters)) * 2.0)
    row = gap_of(turns(gaps, [f"t{cluster}" for cluster in clusters]))
    fit = sm.OLS(gaps, np.ones(len(gaps))).fit()
    robust = fit.get_robustcov_results("cluster", groups=np.array(clusters), use_correction=False)
    number = len(set(clusters))
    assert row["gap"] == pytest.approx(gaps.mean(), abs=1e-12)
    assert row["gap_se"] == pytest.approx(robust.bse[0] * np.sqrt(number / (number - 1)), rel=1e-9)


def studentised(sample: Floats, axis: int = -1) -> Floats:
    value: Floats = np.abs(np.mean(sample, axis=axis)) / np.std(sample, axis=axis, ddof=1)
    return value


def test_with_few_clusters_the_sign_flip_is_the_exact_one_of_scipy() -> None:
    exact = stats.permutation_test(
        (GAPS,), studentised, permutation_type="samples", n_resamples=np.inf, alternative="greater", vectorized=True
    )
    p = gap_of(turns(GAPS), resamples=9999)["p_value"]
    stars = bootstrap(GAPS)
    t = GAPS.mean() / stats.sem(GAPS)
    tail = 2 * min(np.mean(stars >= t), np.mean(stars <= t))
    assert p >= exact.pvalue - 1e-12
    assert p == pytest.approx(max(exact.pvalue, tail), abs=0.01)


def bootstrap(sample: Floats) -> Floats:
    """Studentised means of resamples, by numpy's own generator."""
    drawn = sample[np.random.default_rng(4).integers(0, len(sample), (40_000, len(sample)))]
    with np.errstate(divide="ignore", invalid="ignore"):
        stars = (drawn.mean(axis=1) - sample.mean()) / stats.sem(drawn, axis=1)
    finite: Floats = np.nan_to_num(stars)
    return finite


def test_the_interval_is_the_bootstrap_t_of_plain_numpy() -> None:
    gaps = np.concatenate([GAPS, GAPS**2, 0.5 - GAPS])
    row = gap_of(turns(gaps), resamples=20_000)
    low, high = np.quantile(bootstrap(gaps), [0.025, 0.975])
    error = stats.sem(gaps)
    # Quantiles of 20,000 and 40,000 draws differ by about .03 standard errors; four times that is allowed.
    assert row["ci_low"] == pytest.approx(gaps.mean() - high * error, abs=0.12 * error)
    assert row["ci_high"] == pytest.approx(gaps.mean() - low * error, abs=0.12 * error)
