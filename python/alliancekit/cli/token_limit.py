"""Texts with more tokens than the model reads, for a command that opens no engine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from alliancekit import _native
from alliancekit.runtime import available_threads
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class TokenLimit:
    """The tokens that a bundle's model reads of a text, counted by the bundle's own tokenizer."""

    counter: _native.TokenCounter

    @property
    def tokens(self) -> int:
        """The most that the model reads."""
        return self.counter.max_tokens

    def exceeded(self, texts: pl.Series) -> pl.Series:
        """Tell which texts have more (Boolean); null and blank ones have none."""
        return pl.Series(self.counter.count(texts)) > self.tokens


def token_limit(bundle: Path | None) -> TokenLimit | None:
    """Give the limit of a bundle; None for the packaged one where there is none.

    Raises:
        FileNotFoundError, BundleError, IntegrityError: a bundle that was named is not there or not whole.

    """
    if bundle is None and not (PACKAGED_BUNDLE / "bundle.json").exists():
        return None
    return TokenLimit(_native.TokenCounter(os.fspath(bundle or PACKAGED_BUNDLE), available_threads()))
