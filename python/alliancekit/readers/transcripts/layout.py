"""The lines of a text, and what a page puts around the talk: line numbers, page numbers, running headers."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from alliancekit.readers.limits import too_long
from alliancekit.readers.speech.caption_names import begins_with
from alliancekit.readers.speech.known_names import says_who
from alliancekit.readers.text_file import lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.speech.tally import Tally
    from alliancekit.readers.text_file import TextFile

NUMBERED: Final = re.compile(r"(\d{1,6})(?:[.:)]?\s|$)")
PAGE: Final = re.compile(r"(?:page|pg\.|p\.)\s{0,4}(\d{1,4})(?:\s{0,4}(?:of|/)\s{0,4}\d{1,4})?", re.IGNORECASE)
PAGE_NUMBER: Final = re.compile(r"[-–—|]?\s{0,4}(\d{1,4})\s{0,4}[-–—|]?(?:(?:of|/)\s{0,4}\d{1,4})?")
DIGITS: Final = re.compile(r"\d+")
NEARLY_ALL: Final = 0.9
FEWEST_NUMBERS: Final = 3
LONGEST_HEADER: Final = 120


class Line(NamedTuple):
    """A line without outer white space; `new_page`: whether a form feed stands before it."""

    number: int
    text: str
    new_page: bool = False


def read_lines(text: TextFile, options: ReadOptions) -> list[Line]:
    """Give all lines: a transcript is one session, and what is no name shows only by the whole.

    Raises:
        DataError: the file has more than `max_record_bytes`.

    """
    if text.path.stat().st_size > options.max_record_bytes:
        raise too_long(text.path, "document", 1, options.max_record_bytes)
    return split(line for _, line in lines(text, options))


def split(raw: Iterable[str]) -> list[Line]:
    r"""Give numbered lines; a form feed begins one, with the same number.

    >>> split(["A: Yes. ", "\fPage 2"])
    [Line(number=1, text='A: Yes.', new_page=False), Line(number=2, text='Page 2', new_page=True)]
    """
    found = []
    for number, line in enumerate(raw, start=1):
        for position, piece in enumerate(line.split("\f")):
            if position or piece.strip() or "\f" not in line:
                found.append(Line(number, piece.strip(), position > 0))
    return found


def without_layout(found: list[Line], tally: Tally) -> list[Line]:
    """Take line numbers, page numbers and running headers off, and count them."""
    return _without_pages(_without_numbers(found, tally), tally)


def _without_numbers(found: list[Line], tally: Tally) -> list[Line]:
    said = [line for line in found if line.text]
    numbers = [int(match[1]) for line in said if (match := NUMBERED.match(line.text))]
    steps = sum(after == before + 1 for before, after in pairwise(numbers))
    if len(numbers) < max(FEWEST_NUMBERS, NEARLY_ALL * len(said)) or steps < NEARLY_ALL * (len(numbers) - 1):
        return found
    tally.add("line_number", said[0].number, len(numbers))
    return [line._replace(text=NUMBERED.sub("", line.text, count=1).strip()) for line in found]


def _without_pages(found: list[Line], tally: Tally) -> list[Line]:
    said = [line for line in found if line.text]
    marks = _page_marks(said)
    # A form feed right after a page's number is the same break.
    breaks = [place for place, line in enumerate(said) if place in marks or (line.new_page and place - 1 not in marks)]
    headers = _running_headers(said, marks, breaks)
    out = dict.fromkeys(marks, "page_number") | dict.fromkeys(headers, "page_header")
    for place, code in sorted(out.items()):
        tally.add(code, said[place].number)
    # By identity: a line may stand twice with one number.
    gone = {id(said[place]) for place in out}
    return [line for line in found if id(line) not in gone]


def _page_marks(said: Sequence[Line]) -> set[int]:
    named = {place for place, line in enumerate(said) if PAGE.fullmatch(line.text)}
    bare = [(place, int(match[1])) for place, line in enumerate(said) if (match := PAGE_NUMBER.fullmatch(line.text))]
    counts_up = all(after == before + 1 for (_, before), (_, after) in pairwise(bare))
    # A number by itself may be an answer: it is a page's only as one of several that count up.
    return named | ({place for place, _ in bare} if counts_up and len(bare) >= FEWEST_NUMBERS else set())


def _running_headers(said: Sequence[Line], marks: set[int], breaks: Sequence[int]) -> set[int]:
    near = {place + step for place in breaks for step in (-1, 0, 1) if 0 <= place + step < len(said)} - marks
    if len(breaks) < 2:  # noqa: PLR2004 - a header comes with each page
        return set()
    beside = Counter(_folded(said[place].text) for place in near)
    everywhere = Counter(_folded(line.text) for line in said)
    running = {
        text
        for text, n in beside.items()
        if n >= max(2, len(breaks) / 2) and everywhere[text] <= n + 1 and len(text) <= LONGEST_HEADER
    }
    return {
        place
        for place, line in enumerate(said)
        if _folded(line.text) in running and not _may_be_a_turn(line.text, beside[_folded(line.text)])
    }


def _may_be_a_turn(text: str, times: int) -> bool:
    found = begins_with(text)  # no longer than a header
    return found is not None and says_who(found[0]) and times < FEWEST_NUMBERS


def _folded(text: str) -> str:
    return DIGITS.sub("#", text[: LONGEST_HEADER + 1])
