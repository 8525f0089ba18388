"""The line with which a turn begins: a name and a colon, or a name and a time.

``THERAPIST: …``, ``[00:01:02] T: …``, ``Anna (0:12): …`` (Rev), ``Anna  0:12`` with the talk in the lines below
(Otter), ``[Anna] 10:02:31`` (Zoom), ``00:00:12 Anna`` (Word).
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from alliancekit.readers.speech.caption_names import begins_with, is_proper
from alliancekit.readers.speech.known_names import says_who
from alliancekit.roles import exact

_CLOCK: Final = r"\d{1,3}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_STAMP: Final = rf"[\[(<]?\s{{0,4}}({_CLOCK})(?:\s{{0,4}}(?:-->|[-–—]|to)\s{{0,4}}({_CLOCK}))?\s{{0,4}}[\])>]?"
LEADING: Final = re.compile(rf"{_STAMP}(?![\d:])\s{{0,8}}(?:[-–—:]\s{{1,8}})?")
STAMPED: Final = re.compile(rf"([^:：]{{1,64}}?)\s{{0,8}}{_STAMP}\s{{0,8}}[:：](?=\s|$)\s*")  # noqa: RUF001 - colons of all scripts
BLOCK: Final = re.compile(rf"\[([^\[\]:]{{1,64}})\]\s{{1,8}}{_STAMP}|([^:：]{{1,64}}?)(\s{{1,16}}){_STAMP}:?")  # noqa: RUF001 - colons of all scripts
TIGHT: Final = re.compile(r"([^\W\d][^:\s]{0,31}):(?=[^\s:/])")
BOLD: Final = re.compile(r"(\*\*|__)([^*_:]{1,64})(:?)\1(:?)")
TURN_NUMBER: Final = re.compile(r"\d{1,5}[.)]?\s{1,8}(?=[^\W\d])")
LONGEST_BLOCK: Final = 120


class Opening(NamedTuple):
    """How a turn may begin.

    Attributes:
        name: the speaker's.
        said: the rest of the line.
        start: seconds, None where no time is there.
        end: seconds, None where no time is there.
        sure: whether the line can hardly be anything else.
        counted: whether a turn's number stood before the name.

    """

    name: str
    said: str
    start: float | None = None
    end: float | None = None
    sure: bool = False
    counted: bool = False


def opening(line: str, asked: frozenset[str]) -> Opening | None:
    """Give how the line may begin a turn; `asked`: names of which the caller says who they are, folded.

    >>> opening("[0:12] Anna: Is it 10:30?", frozenset())
    Opening(name='Anna', said='Is it 10:30?', start=12.0, end=None, sure=False, counted=False)
    >>> opening("Anna Smith  1:02:03", frozenset()).sure, opening("I woke at 7:30", frozenset())
    (True, None)
    """
    bold = BOLD.match(line)
    if bold and (bold[3] or bold[4]):
        line = f"{bold[2]}:{line[bold.end() :]}"
    number = TURN_NUMBER.match(line)
    rest = line[number.end() :] if number else line
    lead = LEADING.match(rest)
    start, end = (_seconds(lead[1]), _seconds(lead[2])) if lead else (None, None)
    rest = rest[lead.end() :] if lead else rest
    found = _stamped(rest) or _named(rest, asked) or (_name_alone(rest) if lead else None)
    if found is None:
        return None
    if found.start is None:
        found = found._replace(start=start, end=end)
    return found._replace(counted=number is not None)


def _stamped(rest: str) -> Opening | None:
    block = BLOCK.fullmatch(rest) if len(rest) <= LONGEST_BLOCK else None
    if block:
        name = _name(block[1] or block[4])
        start, end = (block[2], block[3]) if block[1] else (block[6], block[7])
        sure = name is not None and is_proper(name) and (bool(block[1]) or len(block[5]) > 1 or block[5] == "\t")
        may_be = name is not None and (sure or is_proper(name))
        return Opening(name, "", _seconds(start), _seconds(end), sure) if name and may_be else None
    stamped = STAMPED.match(rest)
    name = _name(stamped[1]) if stamped else None
    if stamped is None or name is None:
        return None
    return Opening(name, rest[stamped.end() :], _seconds(stamped[2]), _seconds(stamped[3]))


def _named(rest: str, asked: frozenset[str]) -> Opening | None:
    found = begins_with(rest)
    if found:
        return Opening(*found)
    tight = TIGHT.match(rest)
    if tight and (says_who(tight[1]) or exact(tight[1]) in asked):
        return Opening(tight[1], rest[tight.end() :])
    return None


def _name_alone(rest: str) -> Opening | None:
    name = _name(rest) if len(rest) <= LONGEST_BLOCK and not rest.endswith(".") else None
    return Opening(name, "") if name and is_proper(name) else None


def _name(text: str) -> str | None:
    found = begins_with(f"{text.strip()}:")
    return found[0] if found else None


def _seconds(clock: str | None) -> float | None:
    if clock is None:
        return None
    *hours, minutes, seconds = clock.replace(",", ".").split(":")
    return int(hours[0] if hours else 0) * 3600 + int(minutes) * 60 + float(seconds)
