"""The cache gives each text its own scores, whatever comes in which batches, and forgets without mixing up."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from alliancekit.corpus.cache import ScoreCache

if TYPE_CHECKING:
    from alliancekit.corpus.cache import Planned

RING = 16


def scores(texts: pl.Series) -> pl.DataFrame:
    """Scores that are a function of the text; null and blank have none."""
    there = (texts.str.strip_chars() != "").fill_null(value=False)
    made = pl.DataFrame(
        {
            "n_tokens": texts.str.len_bytes().cast(pl.UInt32),
            "truncated": texts.str.starts_with("1"),
            "task_patient_form": (texts.hash(5) % 99_991).cast(pl.Float32),
        }
    )
    return made.select(pl.when(there).then(pl.col(name)).alias(name) for name in made.columns)


batches = st.lists(
    st.lists(st.none() | st.sampled_from(["", " "]) | st.integers(0, 60).map(str), max_size=RING), max_size=12
)


@given(batches=batches, in_flight=st.integers(0, 4))
def test_every_text_gets_its_own_scores(batches: list[list[str | None]], in_flight: int) -> None:
    cache = ScoreCache(ring=RING)
    waiting: deque[tuple[pl.Series, Planned]] = deque()

    def complete() -> None:
        texts, planned = waiting.popleft()
        assert_frame_equal(cache.complete(planned, scores(planned.new)), scores(texts))

    for batch in batches:
        texts = pl.Series("text", batch, dtype=pl.String)
        waiting.append((texts, cache.plan(texts)))
        if len(waiting) > in_flight:
            complete()
    while waiting:
        complete()


def test_a_text_is_new_once_within_the_ring_and_again_after_it() -> None:
    cache = ScoreCache(ring=RING)
    first = cache.plan(pl.Series(["a", "b", "a"]))
    assert first.new.to_list() == ["a", "b"]
    assert cache.plan(pl.Series(["b", "c", "a"])).new.to_list() == ["c"]
    for number in range(4):
        cache.plan(pl.Series([f"{number} {other}" for other in range(RING)]))
    assert cache.plan(pl.Series(["a"])).new.to_list() == ["a"]
    assert (cache.texts, cache.scored) == (71, 68)
