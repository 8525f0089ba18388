"""The calibration in small: bounds from binomial theory at one in a million, so that no seed decides."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import pytest
from benches.calibration import coverage, false_positives, register, reliability
from benches.calibration.cache import Chunks
from benches.calibration.cell import SEED_BITS, Cell, Result, Tally, tallied
from benches.calibration.cells import TARGET, base
from benches.calibration.intervals import clopper_pearson, is_above
from benches.calibration.naive import naive_rejections
from benches.calibration.page import page
from benches.calibration.questions import QUESTIONS
from benches.calibration.rejections import rejections
from benches.calibration.run import measure
from scipy import stats  # type: ignore[import-untyped]  # it ships no types

from alliancekit.stats.simulation.reliability import reliability as predicted

if TYPE_CHECKING:
    from pathlib import Path

ONE_IN_A_MILLION: Final = 1e-6
CORPORA: Final = 200
TESTS: Final = ("gap target", "compare gap", "closing target", "compare closing")


def most(count: int, rate: float) -> int:
    """Hits that a rate reaches at most, but for one run in a million."""
    return int(stats.binom.ppf(1 - ONE_IN_A_MILLION, count, rate))


@pytest.mark.parametrize(
    "options",
    [
        {"icc": 0.1},
        {"icc": 0.2, "autocorrelation": 0.5, "sd_ratio": {TARGET: 2.0}, "skew": 1.0, "slope_sd": 0.5},
        {"icc": {"therapist": 0.1}, "therapists": "crossed", "dyads_per_therapist": 3},
    ],
)
def test_nothing_is_found_where_nothing_is(options: dict[str, object]) -> None:
    plan = base((12, 48), **options)
    many = replace(plan, scales=tuple(f"scale {number}" for number in range(20)))
    counts = tallied(rejections(many, TESTS, seed) for seed in range(CORPORA // 20))
    assert set(counts) == set(TESTS)
    for test, tally in counts.items():
        assert tally.count == CORPORA, test
        assert tally.total <= most(CORPORA, 0.05), test


def test_turns_as_if_independent_find_what_is_not_there() -> None:
    plan = base((12, 60), icc=0.2)
    many = replace(plan, scales=tuple(f"scale {number}" for number in range(120)))
    counts = tallied([naive_rejections(many, 0)])
    assert counts["gap target"].total > most(120, 0.05)
    assert counts["compare patient"].total > most(120, 0.05)


@pytest.mark.parametrize("clusters", ["6", "20"])
def test_intervals_hold_the_truth(clusters: str) -> None:
    wanted = {"draws": "normal", "clusters of": "1 session each", "clusters": clusters}
    cell = next(cell for cell in coverage.cells() if cell.shown == wanted)
    counts = tallied(coverage.outcomes(cell, seed) for seed in range(CORPORA // cell.together))
    for name in coverage.INTERVALS:
        assert counts[name].count == CORPORA
        assert CORPORA - counts[name].total <= most(CORPORA, 0.07), name


def test_predicted_reliability_is_simulated_reliability() -> None:
    cell = next(cell for cell in reliability.cells() if cell.shown == {"ICC": ".1", "autocorrelation": ".5"})
    found = tallied([reliability.outcomes(cell, 1)])
    for score in reliability.SCORES:
        expected = predicted(cell.plan, score=score)
        # The standard error of a squared correlation r² is 2r(1 - r²) / √n.
        error = 2 * expected**0.5 * (1 - expected) / reliability.SESSIONS**0.5
        assert abs(found[score].mean - expected) < 5 * error


def test_register_moves_overall_gaps_and_nothing_else() -> None:
    def readings(shift: str) -> dict[str, float]:
        shown = {"method": "signed-sum", "shift": shift}
        cell = next(cell for cell in register.cells() if cell.shown == shown)
        small = replace(cell, plan=replace(cell.plan, conditions=dict.fromkeys(cell.plan.conditions, 20)))
        found = tallied([register.outcomes(small, small.first_seed)])
        return {name: tally.mean for name, tally in found.items()}

    still, moved = readings("0"), readings(".1")
    assert moved["gap bond"] - still["gap bond"] == pytest.approx(0.6, rel=0.05)
    assert moved["gap goal"] - still["gap goal"] == pytest.approx(0.0, abs=0.03)
    assert moved["contrast bond"] == pytest.approx(still["contrast bond"], rel=0.05)
    assert moved["slope bond"] == pytest.approx(still["slope bond"], rel=0.05)


def test_clopper_pearson_is_where_the_binomial_tails_are() -> None:
    low, high = clopper_pearson(7, 100, confidence=0.9)
    assert stats.binom.sf(6, 100, low) == pytest.approx(0.05)
    assert stats.binom.cdf(7, 100, high) == pytest.approx(0.05)
    assert clopper_pearson(0, 50)[0] == 0.0
    assert clopper_pearson(50, 50)[1] == 1.0


def test_above_means_the_whole_interval() -> None:
    assert not is_above(Tally(1000, 60, 60))
    assert is_above(Tally(1000, 90, 90))
    assert not is_above(Tally())


def test_a_run_that_goes_on_is_the_run_at_once(tmp_path: Path) -> None:
    cell = Cell("power", {"target sessions": "6"}, base((6, 8), turns=12), chunk=4, together=2)
    chunks = Chunks(tmp_path / "chunks.jsonl")
    for number in range(2):
        chunks.add(cell, number, *measure(cell, number))
    assert chunks.missing([cell], 8) == []
    again = Chunks(tmp_path / "chunks.jsonl")
    assert again.missing([cell], 12) == [(cell, 2)]
    resumed = again.results([cell], 8)[0]
    assert resumed.corpora == 8
    tables = (QUESTIONS["power"].outcomes(cell, cell.first_seed + number) for number in range(4))
    assert resumed.tallies == tallied(tables)


def test_no_two_cells_share_a_corpus() -> None:
    cells = [cell for question in QUESTIONS.values() for cell in question.cells()]
    assert len({cell.first_seed for cell in cells}) == len(cells)
    assert len({cell.name for cell in cells}) == len(cells)
    assert all(cell.chunks(10_000) * cell.chunk // cell.together < 1 << SEED_BITS for cell in cells)


def test_every_question_has_its_section() -> None:
    cells = [cell for question in QUESTIONS.values() for cell in question.cells()]
    written = page([Result(cell, 100, 1.0) for cell in cells], "make calibration")
    for question in QUESTIONS.values():
        assert f"## {question.TITLE}\n" in written


def test_exceptions_are_named() -> None:
    cell = next(cell for cell in false_positives.cells() if cell.shown["of"] == "null")
    result = Result(cell, 1000, 1.0, {"gap target": Tally(1000, 120, 120), "compare gap": Tally(1000, 50, 50)})
    named = false_positives.exceptions([result])
    assert len(named) == 1
    assert "gap target" in named[0]
    assert "12 v 939" in named[0]


def test_a_tally_leaves_out_what_is_not_defined() -> None:
    tally = tallied([{"p": [1.0, math.nan]}, {"p": [0.0]}])["p"]
    assert (tally.count, tally.mean) == (2, 0.5)
    assert tally.error == pytest.approx(0.5)
