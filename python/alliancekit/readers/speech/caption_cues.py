"""Cues of captions, WebVTT or SRT, line by line.

By hand, since webvtt-py passes over cues and paragraphs that are not as they should be, and rustling takes cues without
a blank line between for one; both quote the text in their errors.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from alliancekit.errors import DataError
from alliancekit.readers.limits import too_long
from alliancekit.readers.text_file import lines

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.speech.tally import Tally
    from alliancekit.readers.text_file import TextFile

_CLOCK: Final = r"(?:(\d{1,5}):)?([0-5]?\d):([0-5]?\d)(?:[.,:](\d{1,9}))?"
TIMING: Final = re.compile(rf"{_CLOCK}\s*-->\s*{_CLOCK}((?:\s+[A-Za-z][\w-]*:\S+)*)\s*", re.ASCII)
BROKEN: Final = re.compile(r"\d+:\d[\d:.,]*\s*[-–—=]+>|\d.*-->|-->\s*\d")
CUT: Final = re.compile(r"[\d:.,\s-]+", re.ASCII)
BLOCK: Final = re.compile(r"(NOTE|STYLE|REGION)(?:\s|$)")


class Cue(NamedTuple):
    """A cue: its 1-based number, its times in seconds, and its lines as they stand, blank ones left out."""

    number: int
    start: float
    end: float
    lines: list[str]


def cues(text: TextFile, options: ReadOptions, tally: Tally, *, webvtt: bool) -> Iterator[Cue]:
    """Give the cues that say anything; what else is there is counted.

    Raises:
        DataError: the times of a cue cannot be read, or a cue has more than `max_record_bytes`.

    """
    reader = _Reader(text.path, options.max_record_bytes, tally, webvtt=webvtt)
    for number, line in lines(text, options):
        done = reader.take(number, line.strip())
        if done:
            yield done
    last = reader.end()
    if last:
        yield last


class _Reader:
    def __init__(self, path: Path, limit: int, tally: Tally, *, webvtt: bool) -> None:
        self._path, self._limit, self._tally, self._webvtt = path, limit, tally, webvtt
        self._number, self._start, self._end = 0, 0.0, 0.0
        self._lines: list[tuple[str, bool]] = []  # and whether a blank line is before it
        self._size = 0
        self._after_blank = True
        self._skipping = False
        self._begun = False

    def take(self, number: int, line: str) -> Cue | None:
        """Take a line; give the cue that it ends."""
        if not line:
            self._after_blank, self._skipping = True, False
            return None
        header = self._webvtt and not self._begun and line.startswith("WEBVTT")
        if self._webvtt and not self._begun and not header:
            self._tally.add("no_header", None)
        self._begun = True
        timing = TIMING.fullmatch(line)
        if timing:
            return self._begin(timing)
        self._skipping = self._skipping or header or self._is_block(line)
        if not self._skipping:
            self._add(number, line)
        return None

    def end(self) -> Cue | None:
        """Give the last cue; what follows it may be the number and half of the times of one that was cut."""
        begins = max((place for place, (_, after_blank) in enumerate(self._lines) if after_blank), default=None)
        if begins is not None:
            rest = [line for line, _ in self._lines[begins:]]
            if all(map(CUT.fullmatch, rest)) and (rest[0] == str(self._number + 1) or ":" in rest[-1]):
                self._tally.add("cut_cue", self._number + 1)
                del self._lines[begins:]
        return self.finish()

    def finish(self) -> Cue | None:
        """Give the cue that was begun, if it says anything."""
        if not self._number:
            self._tally.add("before_first_cue", None, len(self._lines))
            return None
        self._tally.add("after_blank_line", self._number, any(after_blank for _, after_blank in self._lines))
        if not self._lines:
            self._tally.add("empty_cue", self._number)
            return None
        return Cue(self._number, self._start, self._end, [line for line, _ in self._lines])

    def _begin(self, timing: re.Match[str]) -> Cue | None:
        if self._lines and self._is_identifier():
            self._lines.pop()
        done = self.finish()
        self._number += 1
        self._start, self._end = _seconds(*timing.group(1, 2, 3, 4)), _seconds(*timing.group(5, 6, 7, 8))
        self._lines, self._size = [], 0
        self._after_blank = self._skipping = False
        return done

    def _is_identifier(self) -> bool:
        line, after_blank = self._lines[-1]
        counts = line.isascii() and line.isdigit()
        if self._after_blank:  # each line of the file has a blank one after it
            return counts and after_blank
        if self._webvtt:
            return after_blank or line == str(self._number + 1)
        return counts

    def _is_block(self, line: str) -> bool:
        match = BLOCK.match(line) if self._webvtt and self._after_blank else None
        # Styles and regions come before the first cue only.
        if not match or (match[1] != "NOTE" and self._number):
            return False
        self._tally.add("comment", self._number or None, match[1] == "NOTE")
        return True

    def _add(self, number: int, line: str) -> None:
        if BROKEN.match(line):
            raise DataError(
                f"{self._path}: line {number} has an arrow, and times that cannot be read. A cue's times are written "
                "00:01:02.500 --> 00:01:04.000, with nothing but settings after them. Mend the line."
            )
        self._size += len(line)
        if self._size > self._limit:
            raise too_long(self._path, "cue", self._number or 1, self._limit)
        self._lines.append((line, self._after_blank))
        self._after_blank = False


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    # In whole units first, so that 2.3 s is the number nearest to 2.3.
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    digits = fraction or ""
    return int(f"{whole}{digits}") / int(10 ** len(digits))
