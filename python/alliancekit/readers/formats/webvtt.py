"""WebVTT: captions as Zoom, Teams, Whisper and players write them.

A speaker is named by a voice tag (``<v Anna>``, Teams) or at the beginning of a line (``Anna: …``, Zoom). A cue that
names no one has no speaker here: who goes on is the caller's to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.readers.parsed import tables_by
from alliancekit.readers.protocol import Format
from alliancekit.readers.speech.captions import COLUMNS, parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.parsed import Turn
    from alliancekit.readers.problem import Problem


def parse_webvtt(path: Path, options: ReadOptions) -> Iterator[Turn | Problem]:
    """Give each cue as a turn."""
    yield from parse(path, options, webvtt=True)


def sniff(head: Head) -> bool:
    """Recognise the first line, or, without it, a cue's times at the beginning."""
    first = head.lines[0] if head.lines else ""
    return first.split(maxsplit=1)[:1] == ["WEBVTT"] or any("-->" in line for line in head.lines[:2])


FORMATS: Final = (
    Format(
        name="WebVTT",
        suffixes=(".vtt",),
        description="captions that begin with WEBVTT",
        tables=tables_by(parse_webvtt, COLUMNS),
        sniff=sniff,
        unit="cue",
    ),
)
