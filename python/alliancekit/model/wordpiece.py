"""How many tokens a text has, without the engine: to warn of turns over the model's limit before any is scored.

BERT's tokenizer (Devlin et al. 2019, NAACL; the reference is `tokenization.py` of google-research/bert) as the file
`tokenizer.json` describes it. Scoring counts with the tokenizers library; a test holds the two against each other. They
differ for some punctuation that Unicode has had since 2016 only.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from alliancekit.model.bundle import load_manifest

if TYPE_CHECKING:
    from pathlib import Path

ADDED: Final = 2
"""The tokens before and after each text, [CLS] and [SEP]."""
CHINESE: Final = re.compile(
    "[\u4e00-\u9fff\u3400-\u4dbf\U00020000-\U0002a6df\U0002a700-\U0002b73f\U0002b740-\U0002b81f\U0002b920-\U0002ceaf"
    "\uf900-\ufaff\U0002f800-\U0002fa1f]"
)
MOST_REMEMBERED: Final = 200_000


class _Marks(dict[str, str]):
    """What each character becomes: control characters go, accents and case are folded, a space around punctuation."""

    def __init__(self, *, lowercase: bool) -> None:
        super().__init__()
        self._lowercase = lowercase

    def __missing__(self, mark: str) -> str:
        self[mark] = made = self._made(mark)
        return made

    def _made(self, mark: str) -> str:
        if mark in "\t\n\r":
            return " "
        if mark == "\ufffd" or unicodedata.category(mark) in ("Cc", "Cf", "Co"):
            return ""
        if CHINESE.match(mark):
            return f" {mark} "
        if self._lowercase:
            decomposed = unicodedata.normalize("NFD", mark)
            mark = "".join(part.lower() for part in decomposed if unicodedata.category(part) != "Mn")
        return "".join(f" {part} " if _is_punctuation(part) else part for part in mark)


def _is_punctuation(mark: str) -> bool:
    of_ascii = mark.isascii() and mark.isprintable() and not mark.isalnum() and mark != " "
    return of_ascii or unicodedata.category(mark).startswith("P")


@dataclass(slots=True)
class TokenCounter:
    """Counts tokens as the bundle's tokenizer does.

    Attributes:
        limit: the most tokens of a text that the model reads.
        vocabulary: the pieces that words are made of.
        marks: what each character becomes before words are taken apart.
        longest: the most characters of a word that is taken apart; a longer one is one unknown token.
        specials: matches texts that are tokens as they stand, such as ``[SEP]``.
        remembered: words that were counted before.

    """

    limit: int
    vocabulary: frozenset[str]
    marks: _Marks
    longest: int
    specials: re.Pattern[str]
    remembered: dict[str, int] = field(default_factory=dict)

    def over_limit(self, texts: pl.Series) -> pl.Series:
        """Tell which texts have more tokens than the model reads; null and blank ones have none."""
        # A token has a byte at least, so that most texts need not be counted.
        maybe = (texts.str.len_bytes() + ADDED > self.limit).fill_null(value=False)
        over = [self.count(text) > self.limit for text in texts.filter(maybe)]
        return maybe.scatter(maybe.arg_true(), pl.Series(over, dtype=pl.Boolean)) if over else maybe

    def count(self, text: str) -> int:
        """Give the number of tokens, the two added ones among them."""
        parts = self.specials.split(text)
        words = (word for part in parts for word in "".join(map(self.marks.__getitem__, part)).split())
        return ADDED + len(parts) - 1 + sum(map(self._word, words))

    def _word(self, word: str) -> int:
        known = self.remembered.get(word)
        if known is None:
            known = self._pieces(word)
            if len(self.remembered) < MOST_REMEMBERED:
                self.remembered[word] = known
        return known

    def _pieces(self, word: str) -> int:
        pieces, start = 0, 0
        if len(word) > self.longest:
            return 1
        while start < len(word):
            prefix = "##" if start else ""
            end = next((n for n in range(len(word), start, -1) if prefix + word[start:n] in self.vocabulary), None)
            if end is None:
                return 1  # the whole word is unknown
            pieces, start = pieces + 1, end
        return pieces


def token_counter(bundle: Path) -> TokenCounter | None:
    """Give the counter of a bundle; None for one whose tokenizer is of another kind.

    Raises:
        FileNotFoundError, BundleError: see `alliancekit.model.load_manifest`.

    """
    limit = load_manifest(bundle).max_tokens
    described: dict[str, Any] = json.loads((bundle / "tokenizer.json").read_text(encoding="utf-8"))
    model, normalizer = described["model"], described["normalizer"] or {}
    kinds = (model["type"], normalizer.get("type"), (described["pre_tokenizer"] or {}).get("type"))
    plain = (
        normalizer.get("clean_text") and normalizer.get("handle_chinese_chars") and not normalizer.get("strip_accents")
    )
    if kinds != ("WordPiece", "BertNormalizer", "BertPreTokenizer") or not plain:
        return None
    specials = [re.escape(added["content"]) for added in described["added_tokens"]]
    pattern = re.compile("|".join(sorted(specials, key=len, reverse=True)) or r"(?!)")
    longest = model["max_input_chars_per_word"]
    marks = _Marks(lowercase=bool(normalizer["lowercase"]))
    return TokenCounter(limit, frozenset(model["vocab"]), marks, longest, pattern)
