"""Any text is scored or left out: no crash, no panic, and no text in an error."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliancekit.errors import AllianceError

if TYPE_CHECKING:
    from alliancekit import Scorer


@settings(max_examples=30)
@given(texts=st.lists(st.text(st.characters(), max_size=60), min_size=1, max_size=8))
def test_any_unicode_is_a_unit_vector_or_missing(scorer: Scorer, texts: list[str]) -> None:
    vectors = scorer.embed(texts)
    length = np.linalg.norm(vectors, axis=1)
    assert np.all(np.isnan(length) | np.isclose(length, 1, atol=1e-5))


@pytest.mark.parametrize(
    "text",
    [
        "lone \ud800 surrogate",
        "a pair of them \ud83d\ude00",
        "nul \0 inside",
        "\ufeffmarked",
        "\u202eright to left\u202c",
        "e" + "\u0301" * 5000,
        "👩‍👩‍👧‍👦" * 500,
        "诊所" * 400,
        "[CLS] [SEP] [PAD] [MASK]",
        "<script>alert(1)</script>",
    ],
    ids=range(10),
)
def test_odd_texts_are_scored(scorer: Scorer, text: str) -> None:
    assert np.isfinite(scorer.embed([text])).all()


def test_a_joined_surrogate_pair_is_the_character_it_stands_for(scorer: Scorer) -> None:
    assert scorer.embed(["a \ud83d\ude00"]).tobytes() == scorer.embed(["a 😀"]).tobytes()


@pytest.mark.parametrize("blank", ["", " ", "\t\r\n", "\u00a0\u3000", "\0", "\u200b", "\udfff"])
def test_texts_with_nothing_to_read_are_missing(scorer: Scorer, blank: str) -> None:
    assert np.isnan(scorer.embed([blank])).all()
    assert np.isnan(scorer.items([blank])).all()


def test_a_turn_of_a_megabyte_is_scored_and_marked_truncated(scorer: Scorer) -> None:
    turns = pl.DataFrame(
        {
            "session_id": ["s"] * 3,
            "turn_index": [0, 1, 2],
            "role": ["patient"] * 3,
            "text": ["I went on and on. " * 60_000, "x" * (1 << 20), "Okay."],
        },
    )
    scored = scorer.score(turns)
    assert scored["truncated"].to_list() == [True, False, False]
    assert scored["n_tokens"].to_list() == [60_000 * 6 + 2, 3, 4]
    assert scored["task"].is_finite().all()


def test_no_error_shows_a_text(scorer: Scorer) -> None:
    planted = "my neighbour Zebulon heard it all"
    base = {"session_id": ["s"], "turn_index": [0], "role": ["patient"], "text": [planted]}
    wrong = [
        pl.DataFrame(base | {"role": [planted]}),
        pl.DataFrame({name: values for name, values in base.items() if name != "role"}),
        pl.DataFrame(base | {"session_id": [None]}),
        pl.DataFrame(base | {"turn_index": [planted]}),
        pl.concat([pl.DataFrame(base)] * 2),
        pl.DataFrame(base | {"text": [[planted]]}),
        pl.DataFrame(base | {"text": [planted.encode()]}),
    ]
    for frame in wrong:
        with pytest.raises(AllianceError) as caught:
            scorer.score(frame)
        assert "Zebulon" not in str(caught.value)
    with pytest.raises(AllianceError) as caught:
        scorer.embed([planted, [planted]])  # type: ignore[list-item]  # the mistake under test
    assert "Zebulon" not in str(caught.value)
