"""Captions to turns: a cue is a turn, or several where several speak in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.readers.parsed import Turn
from alliancekit.readers.speech.caption_cues import cues
from alliancekit.readers.speech.caption_markup import voices
from alliancekit.readers.speech.caption_names import Names, begins_with, by_names, is_proper
from alliancekit.readers.speech.tally import Tally
from alliancekit.readers.text_file import text_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.speech.caption_cues import Cue
    from alliancekit.readers.speech.tally import Sayings
    from alliancekit.readers.text_file import TextFile

COLUMNS: Final = {schema.START_S: pl.Float64, schema.END_S: pl.Float64}
SAYINGS: Final[Sayings] = {
    "no_header": ("line", "warning", "the first, and not WEBVTT; the file was read all the same."),
    "before_first_cue": ("line", "warning", "before the first cue, left out."),
    "comment": ("comment", "note", "NOTE, left out."),
    "after_blank_line": ("cue", "warning", "lines after a blank one, taken as the same cue's."),
    "empty_cue": ("cue", "note", "without text, left out."),
    "cut_cue": ("cue", "warning", "cut off before its text; the file ends in its number or times."),
    "prefix_not_a_name": (
        "line",
        "warning",
        "a word and a colon at the beginning, not taken as a speaker's name; roles= (--roles) makes it one.",
    ),
    "speaker_not_named": ("cue", "warning", "a dash or >> at the beginning: another speaker, and no name."),
}
CHANGE: Final = (">>", "- ", "– ", "— ", "-")


def parse(path: Path, options: ReadOptions, *, webvtt: bool) -> Iterator[Turn | Problem]:
    """Give each cue's turns; the file is gone through twice, first for the names in it."""
    text = text_file(path, options)
    yield from text.problems
    names = _names(text, options, webvtt=webvtt)
    tally = Tally(path, "cue")
    for cue in cues(text, options, tally, webvtt=webvtt):
        tally.time(cue.number, cue.start, cue.end)
        yield from _turns(cue, names, tally)
    yield from tally.problems(SAYINGS)


def _names(text: TextFile, options: ReadOptions, *, webvtt: bool) -> frozenset[str]:
    names = Names()
    for cue in cues(text, options, Tally(text.path, "cue"), webvtt=webvtt):
        for voice, said in voices(cue.lines):
            if voice is None:
                names.see(said)
            else:
                names.voices.add(voice)
    return names.accepted(options)


def _turns(cue: Cue, names: frozenset[str], tally: Tally) -> Iterator[Turn]:
    said = False
    for voice, lines in voices(cue.lines):
        for name, part in [(voice, lines)] if voice else by_names(lines, names):
            said = True
            if name is None:
                _count_doubts(part, cue.number, tally)
            values = {schema.START_S: cue.start, schema.END_S: cue.end}
            yield Turn(cue.number, name, " ".join(part), values)
    if not said:
        tally.add("empty_cue", cue.number)


def _count_doubts(lines: list[str], row: int, tally: Tally) -> None:
    found = (begins_with(line) for line in lines)
    tally.add("prefix_not_a_name", row, sum(1 for one in found if one and is_proper(one[0])))
    tally.add("speaker_not_named", row, any(line.startswith(CHANGE) for line in lines))
