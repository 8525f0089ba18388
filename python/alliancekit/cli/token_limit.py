"""The counter of tokens for a command that opens no engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.model.wordpiece import token_counter
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.model.wordpiece import TokenCounter


def counter_of(bundle: Path | None) -> TokenCounter | None:
    """Give the counter of a bundle; None for the packaged one where there is none, or for a tokenizer of another kind.

    Raises:
        FileNotFoundError, BundleError: a bundle that was named is not there or not whole.

    """
    if bundle is None and not (PACKAGED_BUNDLE / "bundle.json").exists():
        return None
    return token_counter(bundle or PACKAGED_BUNDLE)
