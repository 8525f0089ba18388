"""CHAT (``.cha``): the transcripts of TalkBank; an utterance of a main tier is a turn.

Dependent tiers (``%mor``, ``%com``) and headers inside the file are left out and counted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.readers.limits import too_long
from alliancekit.readers.parsed import Turn, tables_by
from alliancekit.readers.protocol import Format
from alliancekit.readers.speech.chat_codes import resolved
from alliancekit.readers.speech.chat_participants import speakers
from alliancekit.readers.speech.tally import Tally
from alliancekit.readers.text_file import lines, text_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.speech.tally import Sayings
    from alliancekit.readers.text_file import TextFile

COLUMNS: Final = {schema.START_S: pl.Float64, schema.END_S: pl.Float64}
TIER: Final = re.compile(r"([*%@])([^:\s][^:\t]*?)[ \t]*(?::[ \t]*(.*))?")
SPEAKER_CODE: Final = re.compile(r"[^\s:]{1,32}")
SAYINGS: Final[Sayings] = {
    "codes_resolved": ("code", "note", "of CHAT resolved or taken out of the texts; what was said stays."),
    "dependent_tier": ("dependent tier", "note", "such as %mor or %com, left out."),
    "header_inside": ("header", "note", "between utterances, such as @Comment, left out."),
    "speaker_not_declared": ("utterance", "warning", "of speakers whom @Participants does not name; called by code."),
    "time_not_read": ("utterance", "warning", "a time that is not START_END in milliseconds, left out."),
    "no_end": ("file", "warning", "without @End: it may have been cut."),
}


class _Tier(NamedTuple):
    row: int
    mark: str
    name: str
    value: str


def parse(path: Path, options: ReadOptions) -> Iterator[Turn | Problem]:
    """Give each utterance as a turn."""
    text = text_file(path, options)
    yield from text.problems
    tally = Tally(path, "line")
    called: dict[str, str] = {}
    spoken = ended = begun = False
    for tier in _tiers(text, options):
        if ended or (tier.name == "Begin" and begun):
            raise DataError(
                f"{path}: line {tier.row}: the transcript has ended or begins again. One file is one transcript."
            )
        begun, ended = begun or tier.name == "Begin", tier.mark == "@" and tier.name == "End"
        if tier.mark == "*":
            spoken = True
            yield _turn(tier, called, tally)
        elif tier.mark == "%":
            tally.add("dependent_tier", tier.row)
        elif tier.name == "Participants":
            called = speakers(tier.value, options)
        else:
            tally.add("header_inside", tier.row, spoken and not ended)
    tally.add("no_end", None, not ended)
    yield from tally.problems(SAYINGS)


def _turn(tier: _Tier, called: dict[str, str], tally: Tally) -> Turn:
    found = resolved(tier.value)
    tally.add("codes_resolved", tier.row, found.codes)
    tally.add("time_not_read", tier.row, found.bad_time)
    tally.add("speaker_not_declared", tier.row, tier.name not in called)
    tally.time(tier.row, found.start, found.end)
    values = {schema.START_S: found.start, schema.END_S: found.end}
    return Turn(tier.row, called.get(tier.name, tier.name), found.text, values)


def _tiers(text: TextFile, options: ReadOptions) -> Iterator[_Tier]:
    """Give each tier and header, with the lines that go on with it."""
    row, parts, size = 0, list[str](), 0
    for number, line in lines(text, options):
        if not line.strip():
            continue
        if line[0] not in " \t":
            if parts:
                yield _tier(text.path, row, parts)
            row, parts, size = number, [], 0
        elif not parts:
            raise _refused(text.path, number)
        size += len(line)
        if size > options.max_record_bytes:
            raise too_long(text.path, "tier from line", row, options.max_record_bytes)
        parts.append(line.strip())
    if parts:
        yield _tier(text.path, row, parts)


def _tier(path: Path, row: int, parts: list[str]) -> _Tier:
    match = TIER.fullmatch(" ".join(parts))
    if match is None or (match[1] != "@" and (match[3] is None or not SPEAKER_CODE.fullmatch(match[2]))):
        raise _refused(path, row)
    return _Tier(row, match[1], match[2], match[3] or "")


def _refused(path: Path, row: int) -> DataError:
    return DataError(
        f"{path}: line {row} is no tier of CHAT. Each begins with *CODE:, %tier: or @Header, and a line that goes on "
        "with one begins with a tab. Mend it, or check the file in CLAN."
    )


def sniff(head: Head) -> bool:
    """Recognise the headers that begin a file, or the speakers' tiers without them."""
    return any(line.startswith(("@UTF8", "@Begin", "@Participants:")) for line in head.lines[:3]) or all(
        TIER.fullmatch(line) for line in head.lines[:2]
    )


FORMATS: Final = (
    Format(
        name="CHAT",
        suffixes=(".cha",),
        description="TalkBank's transcripts with *CODE: tiers",
        tables=tables_by(parse, COLUMNS),
        sniff=sniff,
        unit="line",
    ),
)
