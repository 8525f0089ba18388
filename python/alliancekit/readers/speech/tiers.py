"""Tiers of annotated speech: one a speaker, put together by time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from alliancekit import schema
from alliancekit.readers.parsed import Turn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from alliancekit.readers.speech.tally import Tally

COLUMNS: Final = {schema.START_S: pl.Float64, schema.END_S: pl.Float64}


class Spoken(NamedTuple):
    """One annotation or interval: its number in the file, whose it is, its tier's name, text and times in seconds."""

    row: int
    speaker: str | None
    tier: str
    text: str
    start: float | None
    end: float | None


def turns(spoken: Iterable[Spoken], tally: Tally) -> Iterator[Turn]:
    """Give turns by their start, then their end, then the order of the tiers.

    What has no start follows what is before it in its tier.
    """
    for one in sorted(_placed(spoken), key=lambda placed: placed[0]):
        row, speaker, _, text, start, end = one[1]
        tally.time(row, start, end, ordered=False)
        yield Turn(row, speaker, text, {schema.START_S: start, schema.END_S: end})


def _placed(spoken: Iterable[Spoken]) -> Iterator[tuple[tuple[float, float], Spoken]]:
    tier: str | None = None
    start = end = 0.0
    for one in spoken:
        if one.tier != tier:
            tier, start, end = one.tier, 0.0, 0.0
        start = start if one.start is None else one.start
        end = max(start, end) if one.end is None else one.end
        yield (start, end), one


def one_line(text: str) -> str:
    r"""Join the lines of a text by spaces, outer white space off.

    >>> one_line(" I went\n  home. ")
    'I went home.'
    """
    return " ".join(line for line in map(str.strip, text.replace("\r", "\n").split("\n")) if line)
