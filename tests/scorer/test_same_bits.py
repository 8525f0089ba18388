"""A turn's values are the same bits alone, in any batch, order and number of threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancekit import Scorer
from alliancekit.precision import PRECISIONS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

words = st.sampled_from(
    ["i", "you", "we", "trust", "don't", "never", "heard", "the", "walk", "mm-hmm", ",", ".", "why"]
)
sentences = st.integers(1, 300).flatmap(lambda n: st.lists(words, min_size=n, max_size=n)).map(" ".join)
corpora = st.lists(st.one_of(sentences, st.none(), st.just(" "), st.text(max_size=40)), min_size=1, max_size=12)


@pytest.fixture(scope="module", params=[precision for precision in PRECISIONS if precision != "auto"])
def scorers(bundle_path: Path, request: pytest.FixtureRequest) -> list[Scorer]:
    made = [Scorer(bundle_path, threads=threads, precision=request.param) for threads in (1, 2, 4)]
    if made[0].info.precision != request.param:
        pytest.skip(f"this processor has no {request.param}")
    return made


def bits(values: NDArray[np.float32]) -> NDArray[np.uint32]:
    return values.view(np.uint32)


@settings(max_examples=10)
@given(texts=corpora, data=st.data())
def test_alone_shuffled_split_and_threaded_give_the_same_bits(
    scorers: list[Scorer],
    texts: list[str | None],
    data: st.DataObject,
) -> None:
    one, *others = scorers
    together = bits(one.embed(texts))
    for other in others:
        assert np.array_equal(bits(other.embed(texts)), together)
    assert np.array_equal(bits(one.embed(texts)), together)
    order = data.draw(st.permutations(range(len(texts))))
    assert np.array_equal(bits(one.embed([texts[position] for position in order])), together[order])
    cut = data.draw(st.integers(0, len(texts)))
    assert np.array_equal(np.vstack([bits(one.embed(part)) for part in (texts[:cut], texts[cut:])]), together)
    alone = data.draw(st.sampled_from(range(len(texts))))
    assert np.array_equal(bits(one.embed([texts[alone]]))[0], together[alone])


@settings(max_examples=10)
@given(texts=corpora)
def test_items_of_a_turn_alone_are_those_of_the_turn_in_a_batch(scorers: list[Scorer], texts: list[str | None]) -> None:
    for form in ("patient", "therapist"):
        together = bits(scorers[1].items(texts, form=form))
        alone = np.vstack([bits(scorers[0].items([text], form=form)) for text in texts])
        assert np.array_equal(alone, together)


def test_scores_do_not_depend_on_how_many_turns_share_a_batch(scorers: list[Scorer]) -> None:
    texts = [f"{first} {second} {third}" for first in "abcde" for second in "fghij" for third in "klmno"]
    engines = [scorer._engine for scorer in scorers]  # noqa: SLF001  the scores of a text without a role
    for method in ("gated", "contrast", "signed-sum", "keyed-mean"):
        together = pl.DataFrame(engines[0].score(pl.Series(texts), method=method))
        for size in (1, 2, 3, 7, 64):
            parts = [
                pl.DataFrame(engines[1].score(pl.Series(texts[start : start + size]), method=method))
                for start in range(0, len(texts), size)
            ]
            assert pl.concat(parts).equals(together), (method, size)
