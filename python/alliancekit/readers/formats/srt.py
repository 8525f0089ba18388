"""SRT (SubRip): numbered captions; a speaker is named at the beginning of a line, ``Anna: …``.

The format has no entities; those that exporters write all the same, such as ``&amp;``, are decoded as in WebVTT.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.readers.parsed import tables_by
from alliancekit.readers.protocol import Format
from alliancekit.readers.speech.caption_cues import TIMING
from alliancekit.readers.speech.captions import COLUMNS, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.parsed import Turn
    from alliancekit.readers.problem import Problem


def parse_srt(path: Path, options: ReadOptions) -> Iterator[Turn | Problem]:
    """Give each cue as a turn."""
    yield from parse(path, options, webvtt=False)


def sniff(head: Head) -> bool:
    """Recognise a cue's number and times, or the times alone, at the beginning."""
    return any(TIMING.fullmatch(line) for line in head.lines[:2])


FORMATS: Final = (
    Format(
        name="SRT",
        suffixes=(".srt",),
        description="captions, each with a number and times",
        tables=tables_by(parse_srt, COLUMNS),
        sniff=sniff,
        unit="cue",
    ),
)
