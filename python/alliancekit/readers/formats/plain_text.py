"""Plain text transcripts: ``THERAPIST: …``, or a name and a time on a line of their own, as Zoom, Otter and Rev write.

A line without a name belongs to the turn above it. Marks of what is not speech stay as they are. What a page puts
around the talk (headings, page numbers, running headers, line numbers; transcripts of Alexander Street have them) is
left out, and counted.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.readers.options import ReadOptions
from alliancekit.readers.parsed import tables_by
from alliancekit.readers.protocol import Format
from alliancekit.readers.speech.tally import Tally
from alliancekit.readers.text_file import text_file
from alliancekit.readers.transcripts.layout import read_lines, split, without_layout
from alliancekit.readers.transcripts.speakers import Speakers, may_be_a_name
from alliancekit.readers.transcripts.turns import SAYINGS, turns
from alliancekit.roles import exact, known_role, loose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from alliancekit.readers.head import Head
    from alliancekit.readers.parsed import Turn
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.transcripts.layout import Line

COLUMNS: Final = {schema.START_S: pl.Float64, schema.END_S: pl.Float64}
OF_DOCUMENTS: Final = frozenset(
    {
        *("a", "q", "author", "authors", "default", "description", "example", "input", "output", "license", "name"),
        *("requirements", "returns", "step", "todo", "usage", "variable", "value", "values", "column", "file", "type"),
    }
)
"""Names that lines of other texts begin with."""
OFTEN: Final = 2


def parse(path: Path, options: ReadOptions) -> Iterator[Turn | Problem]:
    """Give each turn, at the line where its speaker is named."""
    text = text_file(path, options)
    yield from text.problems
    tally = Tally(path, "line")
    found = without_layout(read_lines(text, options), tally)
    speakers = Speakers(found, options)
    if not any(speakers.speaks(one) for one in speakers.openings):
        raise DataError(
            f"{path}: no line begins with a speaker's name, such as 'THERAPIST: …', or is a name and a time. If it is "
            "a transcript, tell the names with roles={'NAME': 'therapist'} (command line: --roles NAME=therapist)."
        )
    before: float | None = None
    for turn in turns(found, speakers, tally):
        start = turn.values[schema.START_S]
        if isinstance(start, float):
            tally.add("times_not_in_order", turn.row, before is not None and start < before)
            before = start
        yield turn
    yield from tally.problems(SAYINGS)


def sniff(head: Head) -> bool:
    """Recognise talk: both roles are named, or two names come again and again, or names with times."""
    found = without_layout(split(head.text.split("\n")), Tally(head.path, "line"))
    speakers = Speakers(found, ReadOptions())
    said = [one for line, one in zip(found, speakers.openings, strict=True) if line.text]
    opened = [one for one in said if one is not None and speakers.speaks(one)]
    first = next((place for place, one in enumerate(said) if speakers.speaks(one)), len(said))
    if not opened or first * 2 > len(said):
        return False
    counts = Counter(speakers.name(one) for one in opened)
    roles = {known_role(name) for name in counts} - {None}
    if len(roles) == len(schema.ROLES) or sum(one.sure for one in opened) >= OFTEN:
        return True
    again = [name for name, n in counts.items() if n >= OFTEN and _is_a_persons(name)]
    return len(again) >= OFTEN and len(opened) * 2 >= min(_paragraphs(found), len(said))


def _is_a_persons(name: str) -> bool:
    written_so = name[:1].isalnum() and (may_be_a_name(name) or known_role(name) is not None)
    return written_so and not {exact(name), loose(name)} & OF_DOCUMENTS


def _paragraphs(found: Sequence[Line]) -> int:
    inside = [False, *(bool(line.text) for line in found)]
    return sum(after and not before for before, after in pairwise(inside))


FORMATS: Final = (
    Format(
        name="Plain text",
        suffixes=(".txt", ".text"),
        description="transcripts with a speaker's name at the beginning of a turn",
        tables=tables_by(parse, COLUMNS),
        sniff=sniff,
        fallback=True,
        unit="line",
    ),
)
