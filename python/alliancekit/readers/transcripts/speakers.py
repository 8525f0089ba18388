"""Which of the names that lines begin with are speakers: decided for the file as a whole."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from alliancekit.readers.speech.caption_names import OFTEN, Names, is_proper
from alliancekit.readers.speech.known_names import named_by_caller, says_who
from alliancekit.readers.transcripts.openings import opening
from alliancekit.roles import exact, loose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.transcripts.layout import Line
    from alliancekit.readers.transcripts.openings import Opening

ABOUT: Final = frozenset(
    {
        *("date", "time", "session", "session number", "session no", "session id", "session date", "session length"),
        *("duration", "length", "file", "file name", "filename", "audio", "audio file", "recording", "video", "tape"),
        *("transcriber", "transcribed", "transcribed by", "transcription", "transcript", "title", "location", "place"),
        *("setting", "study", "project", "site", "participants", "present", "language", "version", "case", "id"),
        *("client id", "patient id", "therapist id", "participant id", "case id", "age", "sex", "gender", "diagnosis"),
        *(
            "topic",
            "keywords",
            "copyright",
            "source",
            "url",
            "http",
            "https",
            "note",
            "notes",
            "transcript of audio file",
        ),
        *("begin transcript", "end transcript", "end of transcript", "start of transcript"),
    }
)
"""What a heading says of a session: names of no one."""
COUNTED: Final = re.compile(r"([A-Za-z]{1,4})[ .]?(\d{1,4})")
FEWEST_COUNTED: Final = 3
FEWEST_PARAGRAPHS: Final = 4


class Speakers:
    """The openings of a text's lines, and the names among them that are speakers.

    Attributes:
        openings: by line, as many as there are; None for a line that is none.
        names: what is taken as a speaker's name.
        stems: name → name without the number of the turn, in a text that counts turns by speaker (``T1``, ``P1``).

    """

    def __init__(self, found: Sequence[Line], options: ReadOptions) -> None:
        """Look at all lines, blank ones too."""
        self._asked = named_by_caller(options)
        self.openings = [opening(line.text, self._asked) if line.text else None for line in found]
        self.stems = _stems([one.name for one in self.openings if one])
        self.names = self._accepted(found, options)

    def name(self, one: Opening) -> str:
        """Give the name of an opening's speaker."""
        return self.stems.get(one.name, one.name)

    def speaks(self, one: Opening | None) -> bool:
        """Tell whether an opening is a speaker's."""
        return one is not None and self.name(one) in self.names

    def is_about(self, one: Opening | None) -> bool:
        """Tell whether an opening says something of the session."""
        return one is not None and not self.speaks(one) and bool({exact(one.name), loose(one.name)} & ABOUT)

    def _accepted(self, found: Sequence[Line], options: ReadOptions) -> frozenset[str]:
        by_line, by_paragraph, counts = Names(), Names(), Counter[str]()
        paragraph: list[str] = []
        for line, one in zip(found, self.openings, strict=True):
            begun = f"{self.name(one)}:" if one else ""
            if one:
                counts[self.name(one)] += 1
            if one and one.sure:
                by_line.voices.add(self.name(one))
            if line.text:
                by_line.see([begun])
                paragraph.append(begun)
            elif paragraph:
                by_paragraph.see(paragraph)
                paragraph = []
        by_paragraph.see(paragraph)
        names = by_line.accepted(options)
        if by_paragraph.cues >= FEWEST_PARAGRAPHS:
            names |= by_paragraph.accepted(options)
        # A single capital is hardly ever the beginning of a sentence with a colon: I: (interviewer), Q: and A:.
        names |= {name for name, n in counts.items() if len(name) == 1 and name.isupper() and n >= OFTEN}
        return self._without_headings(names, counts)

    def _without_headings(self, names: frozenset[str], counts: Counter[str]) -> frozenset[str]:
        no_one = {name for name in names if exact(name) not in self._asked and {exact(name), loose(name)} & ABOUT}
        names -= no_one
        firm = {name for name in names if counts[name] >= OFTEN or says_who(name) or exact(name) in self._asked}
        doubtful: set[str] = set()
        for one in self.openings:
            if one and self.name(one) in firm:
                break
            if one and not one.sure:
                doubtful.add(self.name(one))
        return names - doubtful if firm else names


def _stems(names: Sequence[str]) -> Mapping[str, str]:
    """Give the stem of each name where names count up and each comes once.

    >>> _stems(["T1", "P1", "T2", "P2", "T3", "P3"])["P2"], _stems(["Th 1", "Th 2", "Th 1"])
    ('P', {})
    """
    by_stem: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for name in names:
        if match := COUNTED.fullmatch(name):
            by_stem[match[1]].append((name, int(match[2])))
    up = {
        stem
        for stem, found in by_stem.items()
        if len(found) >= FEWEST_COUNTED and all(a < b for (_, a), (_, b) in pairwise(found))
    }
    return {name: stem for stem in up for name, _ in by_stem[stem]} if len(up) > 1 else {}


def may_be_a_name(name: str) -> bool:
    """Tell whether what a line begins with is written as a name is, or as a letter for one.

    >>> may_be_a_name("Anna"), may_be_a_name("I"), may_be_a_name("It was late")
    (True, True, False)
    """
    return is_proper(name) or (len(name) == 1 and name.isupper())
