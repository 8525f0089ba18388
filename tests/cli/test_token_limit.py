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
from alliancekit._native import TokenCounter
from alliancekit.cli import token_limit as module
from alliancekit.cli.token_limit import TokenLimit, token_limit
from alliancekit.errors import BundleError, IntegrityError
from alliancekit.model.bundle import record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HARD = [
    "[SEP]",
    "[MASK] x",
    "İ",
    "日本語 text",
    "e\u0301",
    "\x0b\x0c\x85",
    "\ufffd",
    "x" * 101,
    "🙂🙂",
    "pre[CLS]post",
    "ﷺ",
]
TEXTS = st.lists(st.one_of(st.sampled_from(HARD), st.text(max_size=20)), max_size=5).map(" ".join)


@given(texts=st.lists(st.none() | TEXTS, min_size=1, max_size=20))
def test_any_text_has_as_many_as_the_engine_counts(tiny_scorer: Scorer, texts: list[str | None]) -> None:
    limit = TokenLimit(TokenCounter(str(tiny_scorer.bundle_path), 2))
    turns = {"session_id": ["s"] * len(texts), "turn_index": range(len(texts)), "role": ["patient"] * len(texts)}
    column = pl.Series("text", texts, dtype=pl.String)
    scored = tiny_scorer.score(pl.DataFrame({**turns, "text": column}))
    assert limit.counter.count(column).tolist() == scored["n_tokens"].fill_null(0).to_list()
    assert limit.exceeded(column).to_list() == scored["truncated"].fill_null(value=False).to_list()


@pytest.fixture(scope="module")
def tiny_scorer(tiny_bundle: Path) -> Scorer:
    return Scorer(tiny_bundle, threads=1)


def test_null_and_blank_texts_are_not_over_the_limit(tiny_bundle: Path) -> None:
    limit = token_limit(tiny_bundle)
    assert limit is not None
    assert limit.tokens == 40
    assert limit.exceeded(pl.Series([None, "", "a " * 100], dtype=pl.String)).to_list() == [False, False, True]


def test_a_tokenizer_of_any_kind_counts(tiny_bundle: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(tiny_bundle, tmp_path / "bundle")
    rewrite(bundle, lambda tokenizer: tokenizer.update(pre_tokenizer={"type": "CharDelimiterSplit", "delimiter": "o"}))
    texts = ["one or two, or none"]
    turns = pl.DataFrame({"session_id": ["s"], "turn_index": [0], "role": ["patient"], "text": texts})
    counts = TokenCounter(str(bundle), 1).count(pl.Series(texts)).tolist()
    assert counts == Scorer(bundle, threads=1).score(turns)["n_tokens"].to_list()
    assert counts != TokenCounter(str(tiny_bundle), 1).count(pl.Series(texts)).tolist()


def test_a_model_that_is_not_there_is_not_missed(tiny_bundle: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(tiny_bundle, tmp_path / "bundle")
    (bundle / "model.onnx").unlink()
    assert token_limit(bundle) is not None


def test_a_tokenizer_that_was_changed_is_refused(tiny_bundle: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(tiny_bundle, tmp_path / "bundle")
    (bundle / "tokenizer.json").write_text("{}")
    with pytest.raises(IntegrityError, match=r"tokenizer\.json was changed"):
        token_limit(bundle)
    rewrite(bundle, dict.clear)
    with pytest.raises(BundleError, match="not a tokenizer"):
        token_limit(bundle)


def test_no_bundle_is_no_limit_and_a_named_one_that_is_missing_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PACKAGED_BUNDLE", tmp_path)
    assert token_limit(None) is None
    with pytest.raises(FileNotFoundError):
        token_limit(tmp_path)


def rewrite(bundle: Path, change: Callable[[dict[str, object]], object]) -> None:
    """Change a bundle's tokenizer, and its record."""
    path = bundle / "tokenizer.json"
    described = json.loads(path.read_text())
    change(described)
    path.write_text(json.dumps(described))
    manifest = json.loads((bundle / "bundle.json").read_text())
    found = record(path)
    manifest["files"]["tokenizer.json"] = {"sha256": found.sha256, "bytes": found.bytes}
    (bundle / "bundle.json").write_text(json.dumps(manifest))
