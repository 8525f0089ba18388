"""What a parser counts on its way, said once a file with the first place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.labels import counted
from alliancekit.readers.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from alliancekit.readers.problem import Severity

Sayings = dict[str, tuple[str, "Severity", str]]
"""Code → the noun that is counted, the severity, and what is said after the count."""

TIMES: Sayings = {
    "times_reversed": ("{unit}", "warning", "end before start; the times are kept as they stand."),
    "overlapping_times": ("{unit}", "warning", "start before the end of the one before; the file's order is kept."),
    "times_missing": ("{unit}", "warning", "no start or no end, which is null there."),
}


class Tally:
    """Counts by code, each with the first row.

    >>> from pathlib import Path
    >>> tally = Tally(Path("talk.srt"), "cue")
    >>> tally.time(1, 5.0, 4.0)
    >>> [str(problem) for problem in tally.problems({})]
    ['talk.srt, cue 1: 1 cue: end before start; the times are kept as they stand.']
    """

    def __init__(self, path: Path, unit: str) -> None:
        """Start at nothing; `unit` is what the rows count."""
        self._path, self._unit = path, unit
        self._counts: dict[str, tuple[int, int | None]] = {}
        self._end: float | None = None
        self._timed = False

    def add(self, code: str, row: int | None, n: int = 1) -> None:
        """Count `n` more, found in `row`."""
        before, first = self._counts.get(code, (0, row))
        if n:
            self._counts[code] = (before + n, first)

    def time(self, row: int, start: float | None, end: float | None, *, ordered: bool = True) -> None:
        """Look at a turn's times; `ordered`: whether the format promises that each begins after the one before."""
        if start is None or end is None:
            self.add("times_missing", row)
        self._timed = self._timed or start is not None
        if start is not None and end is not None and end < start:
            self.add("times_reversed", row)
        if ordered and start is not None and self._end is not None and start < self._end:
            self.add("overlapping_times", row)
        self._end = self._end if end is None else end

    def problems(self, sayings: Mapping[str, tuple[str, Severity, str]]) -> Iterator[Problem]:
        """Say what was counted; a file without any time says nothing of times."""
        for code, (noun, severity, rest) in (dict(sayings) | TIMES).items():
            if code not in self._counts or (code == "times_missing" and not self._timed):
                continue
            n, row = self._counts[code]
            message = f"{counted(n, noun.format(unit=self._unit))}: {rest}"
            yield Problem(self._path, row, None, code, message, severity, self._unit)
