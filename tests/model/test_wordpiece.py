"""Tokens counted without the engine are as many as the engine counts."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit import Scorer
from alliancekit.model.wordpiece import ADDED, token_counter

if TYPE_CHECKING:
    from pathlib import Path

HARD = [
    *(
        "[SEP]",
        "[MASK] x",
        "don't",
        "Ünïcôdé",
        "ΣΑΣ",
        "İ",
        "日本語 text",
        "한국어",
        "e\u0301",
        "a\u200bb",
        "\x0b\x0c\x85",
        "\ufffd",
    ),
    *(
        "“quoted”…",
        "x" * 101,
        "x" * 100,
        "1,000.50",
        "well-being",
        "🙂🙂",
        "\u00a0",
        "\u2028",
        "_a_",
        "$5+3=8",
        "pre[CLS]post",
    ),
]
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(HARD), st.text(st.characters(max_codepoint=0x05FF, exclude_categories=["Cs"]), max_size=20)
    ),
    min_size=1,
    max_size=5,
).map(" ".join)


@given(texts=st.lists(TEXTS, min_size=1, max_size=20))
def test_any_text_has_as_many_as_the_engine_counts(tiny_scorer: Scorer, texts: list[str]) -> None:
    counter = token_counter(tiny_scorer.bundle_path)
    assert counter is not None
    turns = {"session_id": ["s"] * len(texts), "turn_index": range(len(texts)), "role": ["patient"] * len(texts)}
    scored = tiny_scorer.score(pl.DataFrame({**turns, "text": texts}))
    # A text of no token at all is blank to the engine.
    assert [counter.count(text) for text in texts] == scored["n_tokens"].fill_null(ADDED).to_list()
    assert counter.over_limit(pl.Series(texts)).to_list() == scored["truncated"].fill_null(value=False).to_list()


@pytest.fixture(scope="module")
def tiny_scorer(tiny_bundle: Path) -> Scorer:
    return Scorer(tiny_bundle, threads=1)


def test_null_texts_are_not_over_the_limit(tiny_bundle: Path) -> None:
    counter = token_counter(tiny_bundle)
    assert counter is not None
    assert counter.over_limit(pl.Series([None, "", "a " * 100], dtype=pl.String)).to_list() == [False, False, True]


def test_a_tokenizer_of_another_kind_is_not_counted(tiny_bundle: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(tiny_bundle, tmp_path / "bundle")
    described = json.loads((bundle / "tokenizer.json").read_text())
    described["pre_tokenizer"] = {"type": "Whitespace"}
    (bundle / "tokenizer.json").write_text(json.dumps(described))
    assert token_counter(bundle) is None
