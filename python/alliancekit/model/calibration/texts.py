"""Texts of ours: some to calibrate with, others to measure on. Never a corpus of anybody's sessions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

CHECK_FILE: Final = Path(__file__).with_name("check_turns.csv")
"""The turns of the invented sessions that the repository has as examples: role and text."""

NEUTRAL_FILE: Final = Path(__file__).with_name("neutral.txt")
"""Sentences about everyday things, one a line."""

MOST: Final = 800
"""Sentences of the inventory that are used, evenly spaced: more of them change the rounding little and take minutes."""

LONG: Final = 12
"""Sentences that are put together now and then, so that long turns are seen too."""


@dataclass(frozen=True, slots=True)
class CheckTurns:
    """Turns to measure on."""

    session_id: pl.Series
    role: pl.Series
    text: pl.Series


def calibration_texts(sentences: Sequence[str]) -> list[str]:
    """Give the inventory's sentences and neutral ones: alone, and some of each put together.

    >>> len(calibration_texts(["I feel heard."])) > 100
    True

    """
    spaced = sentences[:: max(1, -(-len(sentences) // MOST))]
    short = [*spaced, *NEUTRAL_FILE.read_text(encoding="utf-8").splitlines()]
    mixed = short[::2] + short[1::2]
    return short + [" ".join(mixed[start : start + LONG]) for start in range(0, len(mixed), LONG)]


def check_turns() -> CheckTurns:
    """Give the turns to measure on, each text once for each role."""
    table = pl.read_csv(CHECK_FILE)
    return CheckTurns(table["session_id"], table["role"], table["text"])
