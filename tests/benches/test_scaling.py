"""The model of `benches/scaling`: what it fits, what it predicts."""

from __future__ import annotations

import numpy as np
import pytest
from benches.scaling.measured import Timed, texts_of_length
from benches.scaling.model import Lengths, Model, contention, fit
from benches.scaling.shown import Found, duration, shown

from alliancekit import _native
from alliancekit.scorer import PACKAGED_BUNDLE

SIZES = np.array([4, 8, 16, 32, 64, 128, 250])


def test_the_costs_that_made_the_seconds_are_found_again() -> None:
    true = Model(2e-4, 5e-5, 3e-8)
    found = fit(SIZES, [true.core_seconds(Lengths.of([size])) for size in SIZES])
    assert found.per_turn == pytest.approx(true.per_turn, rel=1e-6)
    assert found.per_token == pytest.approx(true.per_token, rel=1e-6)
    assert found.per_pair == pytest.approx(true.per_pair, rel=1e-6)


def test_a_corpus_of_other_lengths_is_predicted() -> None:
    true = Model(1e-4, 6e-5, 2e-8)
    found = fit(SIZES, [true.core_seconds(Lengths.of([size])) for size in SIZES])
    corpus = Lengths.of([3, 5, 77, 190, 12, 12])
    expected = sum(true.core_seconds(Lengths.of([size])) for size in (3, 5, 77, 190, 12, 12))
    assert found.seconds(corpus, 1) == pytest.approx(expected)
    assert found.seconds(corpus.times(1000), 4) == pytest.approx(250 * expected)


def test_no_cost_is_negative() -> None:
    found = fit(SIZES, 1e-4 * SIZES - 1e-4)
    assert min(found.per_turn, found.per_token, found.per_pair) >= 0
    assert found.per_token > 0


def test_contention_makes_further_cores_worth_less() -> None:
    one = np.array([1.0, 3.0, 9.0])
    assert contention(one, one / 2, 2) == 0
    assert contention(one, one / 2 * 1.2, 2) == pytest.approx(0.2)
    assert contention(one, one / 4 * 1.3, 4) == pytest.approx(0.1)
    assert contention(one, one / 2 * 0.9, 2) == 0
    assert contention(one, one, 1) == 0


def test_memory_sets_a_bound_that_no_number_of_cores_passes() -> None:
    model, corpus = Model(0, 1e-3, 0, bytes_per_token=1e6), Lengths(1, 1000, 0)
    assert model.seconds(corpus, 4, bandwidth=1e10) == pytest.approx(0.25)
    assert model.seconds(corpus, 1000, bandwidth=1e10) == pytest.approx(0.1)


@pytest.mark.parametrize("tokens", [4, 32, 250])
def test_texts_have_exactly_the_tokens_asked_for(tokens: int) -> None:
    texts = texts_of_length(tokens, 1000)
    counted = _native.TokenCounter(str(PACKAGED_BUNDLE), 1).count(texts)
    assert counted.tolist() == [tokens] * (1000 // tokens)
    assert texts.to_list() == texts_of_length(tokens, 1000).to_list()


def test_a_section_says_what_a_million_and_a_billion_turns_take() -> None:
    model = Model(0.0, 1e-4, 0.0)
    found = Found(
        "float32",
        {10: {1: Timed(1e-3)}},
        model,
        [{"threads": 1, "predicted_turns_per_s": 1000, "measured_turns_per_s": 950, "error": 0.05}],
        {1: Timed(2.0, 0.04)},
        {"distinct_turns": 0.76, "distinct_tokens": 0.9, "gain": 1.1},
        Lengths(1, 10, 100),
    )
    text = shown(found)
    assert "| 10 | 1.000 | 1.000 |" in text
    assert "predicted 1,000 turns/s, measured 950; the time is +5.0% off" in text
    assert "| 1 | 1,000 | 16.7 minutes | 11.6 days | 0.0 |" in text
    assert "| 8 | 8,000 | 2.1 minutes | 34.7 hours | 0.0 |" in text


def test_durations_are_in_the_unit_that_suits_them() -> None:
    assert [duration(90), duration(7200), duration(864000)] == ["1.5 minutes", "2.0 hours", "10.0 days"]
