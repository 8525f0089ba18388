"""WhatsApp's export of a chat as text: date, time, name and message; further lines belong to the message above."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from alliancekit.readers.limits import too_long
from alliancekit.readers.parsed import Turn, tables_by
from alliancekit.readers.protocol import Format
from alliancekit.readers.speech.tally import Tally
from alliancekit.readers.text_file import lines, text_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.speech.tally import Sayings

MARK: Final = "\u200e"
"""Stands before what WhatsApp itself writes on iPhones, such as "image omitted"."""
_DATE: Final = r"\d{1,4}[./-]\d{1,2}[./-]\d{1,4}"
_TIME: Final = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:[\s\u202f]{0,2}[AaPp]\.?\s?[Mm]\.?)?"
START: Final = re.compile(rf"[\u200e\u200f]*(?:\[({_DATE},?\s{{1,2}}{_TIME})\]\s|({_DATE},?\s{{1,2}}{_TIME})\s[-–]\s)")
NAMED: Final = re.compile(r"[~\u202a\u200e\u00a0 ]*([^:]{1,64}?)[\u202c ]*: ?")
NOT_SAID: Final = re.compile(
    rf"{MARK}.{{0,200}}|<[^<>]{{3,40}}>|.{{1,200}} \(file attached\)"
    r"|(?:This message was|You) deleted(?: this message)?\.?"
)
"""Whole messages: what is attached, and what was deleted."""
EDITED: Final = re.compile(rf"\s?{MARK}?<This message was edited>$")
COLUMNS: Final = {"timestamp": pl.String}
SAYINGS: Final[Sayings] = {
    "notice": ("notice", "note", "of WhatsApp itself (encryption, who joined), left out."),
    "media": ("message", "note", "of no text (an image, a recording, a deleted message), left out."),
    "before_first": ("line", "warning", "before the first message, left out."),
    "edited": ("message", "note", "marked as edited; the mark was taken out."),
}


class Message(NamedTuple):
    """A message as it stands: its first line's number, its date and time, and what stands after them."""

    row: int
    timestamp: str
    body: str


def parse(path: Path, options: ReadOptions) -> Iterator[Turn | Problem]:
    """Give each message as a turn."""
    tally = Tally(path, "line")
    yield from text_file(path, options).problems
    for message in _messages(path, options, tally):
        named = NAMED.match(message.body)
        text = message.body[named.end() :] if named else ""
        if named is None:
            tally.add("notice", message.row)
        elif NOT_SAID.fullmatch(text):
            tally.add("media", message.row)
        else:
            without = EDITED.sub("", text)
            tally.add("edited", message.row, int(without != text))
            yield Turn(message.row, named[1].strip(), without, {"timestamp": message.timestamp})
    yield from tally.problems(SAYINGS)


def _messages(path: Path, options: ReadOptions, tally: Tally) -> Iterator[Message]:
    first: Message | None = None
    below: list[str] = []
    size = 0
    for number, line in lines(text_file(path, options), options):
        start = START.match(line)
        size = len(line) if start else size + len(line) + 1
        if size > options.max_record_bytes:
            raise too_long(path, "message in line", first.row if first else number, options.max_record_bytes)
        if start:
            if first:
                yield _whole(first, below)
            first, below = Message(number, start[1] or start[2], line[start.end() :]), []
        elif first:
            below.append(line)
        else:
            tally.add("before_first", number, int(bool(line.strip())))
    if first:
        yield _whole(first, below)


def _whole(first: Message, below: list[str]) -> Message:
    return first._replace(body="\n".join((first.body, *below)).rstrip())


def sniff(head: Head) -> bool:
    """Recognise a text whose first line begins with a date and a time as WhatsApp writes them."""
    return bool(head.lines) and START.match(head.lines[0]) is not None


FORMATS: Final = (
    Format(
        name="WhatsApp",
        suffixes=(".txt",),
        description="WhatsApp's export of a chat as text",
        tables=tables_by(parse, COLUMNS),
        sniff=sniff,
        unit="line",
    ),
)
