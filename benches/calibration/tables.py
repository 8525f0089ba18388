"""Figures as text: paragraphs, Markdown tables, rates in percent, numbers with their Monte Carlo error."""

from __future__ import annotations

import math
import textwrap
from typing import TYPE_CHECKING

from benches.calibration.intervals import clopper_pearson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benches.calibration.cell import Tally

NOTHING = "-"
WIDTH = 120


def paragraph(*sentences: str) -> str:
    """Join sentences and break the lines."""
    return textwrap.fill(" ".join(sentences), WIDTH, break_long_words=False, break_on_hyphens=False)


def markdown(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Lay out a table."""
    body = [list(row) for row in rows]
    widths = [max(len(row[at]) for row in [list(headers), *body]) for at in range(len(headers))]
    lines = [_line(headers, widths), "|" + "|".join("-" * (width + 2) for width in widths) + "|"]
    return "\n".join([*lines, *(_line(row, widths) for row in body)])


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "| " + " | ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)) + " |"


def percent(value: float, digits: int = 1) -> str:
    """Write a rate in percent."""
    return NOTHING if math.isnan(value) else f"{100 * value:.{digits}f}"


def rate(tally: Tally) -> str:
    """Write a rate in percent with its Monte Carlo interval."""
    if not tally.count:
        return NOTHING
    low, high = clopper_pearson(round(tally.total), tally.count)
    return f"{percent(tally.mean)} ({percent(low)}-{percent(high)})"


def number(value: float, digits: int = 3) -> str:
    """Write a number, without a zero before the point where it lies between -1 and 1."""
    if math.isnan(value):
        return NOTHING
    text = f"{value:.{digits}f}"
    return text.replace("0.", ".", 1) if abs(value) < 1 and text.lstrip("-").startswith("0.") else text


def short(value: float) -> str:
    """Write a parameter as shortly as it can be: ``.1``, ``.05``, ``2``."""
    text = f"{value:g}"
    return text[1:] if text.startswith("0.") else text
