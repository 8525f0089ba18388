"""Lines to turns: what follows a name is that speaker's until the next name; what belongs to no one is counted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.readers.parsed import Turn
from alliancekit.readers.transcripts.speakers import may_be_a_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alliancekit.readers.speech.tally import Sayings, Tally
    from alliancekit.readers.transcripts.layout import Line
    from alliancekit.readers.transcripts.openings import Opening
    from alliancekit.readers.transcripts.speakers import Speakers

SAYINGS: Final[Sayings] = {
    "line_number": ("line number", "note", "taken off."),
    "page_number": ("page number", "note", "left out."),
    "page_header": ("page header", "note", "and footers with them, left out."),
    "transcript_mark": ("mark", "note", "of the transcript's begin or end, left out."),
    "tool_line": ("line", "note", "that names the tool that made the transcript, left out."),
    "heading": ("line", "note", "a heading before the talk, left out."),
    "before_first_speaker": (
        "line",
        "warning",
        "before the first speaker's name, left out; if that is talk, its name is to be told with roles= (--roles).",
    ),
    "after_the_end": ("line", "warning", "after the transcript's end, left out."),
    "turn_number": ("turn number", "note", "taken off."),
    "empty_turn": ("turn", "note", "no text, kept as a blank turn."),
    "prefix_not_a_name": (
        "line",
        "warning",
        "a word and a colon at the beginning, not taken as a speaker's name; roles= (--roles) makes it one.",
    ),
    "times_not_in_order": ("turn", "warning", "start before that of the one before; the file's order is kept."),
}
BEGIN: Final = re.compile(
    r"\W{0,8}(?:begin|beginning|start)(?:ning)? (?:of )?(?:the )?transcript(?:ion)?\W{0,8}", re.IGNORECASE
)
END: Final = re.compile(r"\W{0,8}end (?:of )?(?:the )?transcript(?:ion)?\W{0,8}", re.IGNORECASE)
TOOL: Final = re.compile(
    r"(?:transcribed|generated|created) (?:by|with) (?:https?://)?\w{1,30}\.\w{2,5}/?", re.IGNORECASE
)
SENTENCE_END: Final = (".", "?", "!", "…")
LONGEST_MARK: Final = 60


def turns(found: Sequence[Line], speakers: Speakers, tally: Tally) -> Iterator[Turn]:
    """Give the turns of a text whose speakers are known."""
    begin = _first_of_talk(found, speakers)
    _count_heading(found[:begin], tally)
    said: list[str] = []
    turn: Turn | None = None
    for line, one in zip(found[begin:], speakers.openings[begin:], strict=True):
        if not line.text:
            continue
        if is_mark(line.text, END) or is_mark(line.text, BEGIN):
            tally.add("transcript_mark", line.number)
            yield from _ended(turn, said, tally)
            turn = None
        elif is_mark(line.text, TOOL):
            tally.add("tool_line", line.number)
        elif one is not None and speakers.speaks(one):
            yield from _ended(turn, said, tally)
            turn, said = _begun(line, one, speakers, tally), [one.said] if one.said else []
        elif turn is None:
            tally.add("after_the_end", line.number)
        else:
            said.append(line.text)
            tally.add("prefix_not_a_name", line.number, one is not None and may_be_a_name(one.name))
    yield from _ended(turn, said, tally)


def is_mark(text: str, mark: re.Pattern[str]) -> bool:
    """Tell whether a line is such a mark and nothing else."""
    return len(text) <= LONGEST_MARK and mark.fullmatch(text) is not None


def _first_of_talk(found: Sequence[Line], speakers: Speakers) -> int:
    for place, line in enumerate(found):
        if is_mark(line.text, BEGIN):
            return place
    body = _after_facts(found, speakers)
    opened = (place for place in range(body, len(found)) if speakers.speaks(speakers.openings[place]))
    return next(opened, len(found))


def _after_facts(found: Sequence[Line], speakers: Speakers) -> int:
    """Give where the first paragraph ends if it tells of the session: ``Client: 12`` is no turn there."""
    first = next((place for place, line in enumerate(found) if line.text), 0)
    end = next((place for place in range(first, len(found)) if not found[place].text), len(found))
    facts = any(speakers.is_about(one) for one in speakers.openings[first:end])
    talk_follows = any(speakers.speaks(one) for one in speakers.openings[end:])
    return end if facts and talk_follows else 0


def _count_heading(heading: Sequence[Line], tally: Tally) -> None:
    said = [line for line in heading if line.text]
    if said:
        talk = [line for line in said if line.text.endswith(SENTENCE_END)]
        tally.add("before_first_speaker" if talk else "heading", (talk or said)[0].number, len(said))


def _begun(line: Line, one: Opening, speakers: Speakers, tally: Tally) -> Turn:
    tally.add("turn_number", line.number, one.counted or one.name in speakers.stems)
    if one.start is not None and one.end is not None and one.end < one.start:
        tally.add("times_reversed", line.number)
    return Turn(line.number, speakers.name(one), None, {schema.START_S: one.start, schema.END_S: one.end})


def _ended(turn: Turn | None, said: Sequence[str], tally: Tally) -> Iterator[Turn]:
    if turn is None:
        return
    tally.add("empty_turn", turn.row, not said)
    yield turn._replace(text=" ".join(said))
