"""Intervals and bands: how they lie to each other, few clusters, replicates without a number, and chunks."""

from __future__ import annotations

import math
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.stats.inference.clusters import Sums
from alliancekit.stats.inference.resample import Plan
from alliancekit.stats.trajectory.bands import bands, largest

if TYPE_CHECKING:
    import pytest


def corpus(sessions: int, turns: int = 12) -> pl.DataFrame:
    """Turns of unequal noise, with a long tail."""
    rows = [
        (f"s{session:03}", turn, ("patient", "therapist")[turn % 2], math.exp(3 * math.sin(7 * session + 3 * turn)))
        for session in range(sessions)
        for turn in range(turns)
    ]
    return pl.DataFrame(rows, schema=["session_id", "turn_index", "role", "bond"], orient="row")


def sums(clusters: int, columns: int, seed: int = 0) -> Sums:
    values = np.random.default_rng(seed).exponential(size=(clusters, columns))
    return Sums(values, np.ones_like(values))


@given(clusters=st.integers(6, 40), columns=st.integers(1, 6), seed=st.integers(0, 1000))
def test_a_band_is_symmetric_and_an_interval_never_leaves_it_on_both_sides(
    clusters: int, columns: int, seed: int
) -> None:
    found = bands(sums(clusters, columns, seed), 1, Plan(resamples=199))
    critical = (found.band_high - found.value) / found.error
    assert np.ptp(critical) < 1e-9
    assert np.allclose(found.value - found.band_low, found.band_high - found.value)
    assert not ((found.low < found.band_low - 1e-12) & (found.high > found.band_high + 1e-12)).any()


def test_an_interval_may_leave_a_band_on_the_side_of_its_long_tail() -> None:
    found = bands(sums(12, 1), 1, Plan(resamples=999))
    assert found.high[0] > found.band_high[0]
    assert found.low[0] > found.band_low[0]


def test_a_band_over_more_points_is_wider_and_a_confident_one_too() -> None:
    several = sums(30, 8)
    one = Sums(several.sums[:, :1].copy(), several.weights[:, :1].copy())
    alone, among = bands(one, 1, Plan(resamples=999)), bands(several, 1, Plan(resamples=999))
    assert (alone.low[0], alone.high[0]) == (among.low[0], among.high[0])
    assert among.band_high[0] > alone.band_high[0]
    surer = bands(several, 1, Plan(resamples=999, confidence=0.99))
    assert (surer.band_high > among.band_high).all()
    assert (surer.high > among.high).all()


def test_curves_together_are_curves_one_by_one() -> None:
    both = sums(20, 6)
    together = bands(both, 2, Plan(resamples=199))
    for at in range(2):
        mine = slice(3 * at, 3 * at + 3)
        part = Sums(both.sums[:, mine].copy(), both.weights[:, mine].copy())
        alone = bands(part, 1, Plan(resamples=199))
        for name in ("value", "low", "high", "band_low", "band_high"):
            assert (getattr(together, name)[mine] == getattr(alone, name)).all()


def test_chunks_of_columns_change_no_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = corpus(20)
    whole = ak.trajectories(turns, bins=4, resamples=199)
    for module in ("trajectory.bands", "trajectories"):
        monkeypatch.setattr(import_module(f"alliancekit.stats.{module}"), "MOST", 41)
    assert_frame_equal(ak.trajectories(turns, bins=4, resamples=199), whole, check_exact=True)


def test_few_clusters_at_a_point_cost_that_point_its_interval_and_no_other() -> None:
    whole = sums(30, 3)
    weights = whole.weights.copy()
    weights[5:, 1] = 0.0
    lacking = Sums(whole.sums * weights, weights)
    found = bands(lacking, 1, Plan(resamples=199))
    assert np.isnan([found.low[1], found.high[1], found.band_low[1], found.band_high[1]]).all()
    assert found.note(1) == "no interval: 5 clusters, 6 are needed"
    others = Sums(whole.sums[:, [0, 2]].copy(), whole.weights[:, [0, 2]].copy())
    without = bands(others, 1, Plan(resamples=199))
    assert (found.band_low[[0, 2]] == without.band_low).all()
    assert (found.low[[0, 2]] == without.low).all()
    assert found.note(0) is None


def test_from_six_to_nineteen_clusters_are_flagged() -> None:
    for sessions, words in ((5, "5 clusters, 6 are needed"), (6, "few clusters (6)"), (19, "few clusters (19)")):
        table = ak.trajectories(corpus(sessions), bins=2, resamples=99)
        assert all(words in note for note in table["note"])
        assert table["ci_low"].is_null().all() == table["band_low"].is_null().all() == (sessions < 6)
    assert ak.trajectories(corpus(20), bins=2, resamples=99)["note"].unique().to_list() == ["clusters: sessions"]


def test_clusters_that_agree_have_no_interval() -> None:
    table = ak.trajectories(corpus(10).with_columns(bond=pl.lit(0.5)), bins=2, resamples=99)
    assert table["ci_low"].is_null().all()
    assert table["band_low"].is_null().all()
    assert all(note.startswith("no interval: clusters do not vary") for note in table["note"])


def test_what_is_not_a_number_counts_as_nothing_and_infinity_as_beyond_any_bound() -> None:
    stars = np.column_stack([np.arange(1.0, 101.0), np.zeros(100)])
    assert largest(stars, 0.95) == 95.0
    assert largest(-stars, 0.95) == 95.0
    stars[:, 1] = np.nan
    assert largest(stars, 0.95) == 95.0
    stars[:5, 1] = np.inf
    assert largest(stars, 0.95) == 100.0
    stars[5, 1] = -np.inf
    assert largest(stars, 0.95) == np.inf


def test_a_band_that_would_be_infinite_is_none_and_says_why() -> None:
    # Six of 200 clusters at each of ten points, others at each: often one of them only is drawn somewhere.
    weights = np.zeros((200, 10))
    for point in range(10):
        weights[20 * point : 20 * point + 6, point] = 1.0
    found = bands(Sums(sums(200, 10).sums * weights, weights), 1, Plan(resamples=499))
    assert np.isfinite(found.low).all()
    assert np.isnan(found.band_low).all()
    assert "no band" in str(found.note(0))
