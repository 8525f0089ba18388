"""The values of a Praat text file: numbers and texts that stand free, whatever words are around them.

So Praat itself reads both of its text formats, the long one (``xmin = 0``) and the short one (``0``). By hand, since
rustling reads no text of several lines, and ends the whole process on a size that is too large.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NoReturn

from alliancekit.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

VALUE: Final = re.compile(
    r"""(?P<skip>\s++|![^\n]*+)
    | "(?P<text>(?:[^"]|"")*+)"(?=\s|$)
    | (?P<number>[-+]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d{1,3})?)%?(?=\s|$)
    | <(?P<flag>[a-z]++)>(?=\s|$)
    | (?P<unclosed>")
    | \S++""",
    re.VERBOSE | re.ASCII,
)
LONGEST_NUMBER: Final = 64


class Values:
    """Gives a file's values one after the other.

    >>> from pathlib import Path
    >>> values = Values(Path("talk.TextGrid"), 'xmin = 0.5 ! comment: 1 or "1"')
    >>> values.number(), values.at_end()
    (0.5, True)
    """

    def __init__(self, path: Path, content: str) -> None:
        """Start at the beginning of the file's content."""
        self._path, self._content = path, content
        self._position = 0

    def text(self) -> str:
        """Give the next value, a text."""
        return self._next("text", "a text in double quotes").replace('""', '"')

    def number(self) -> float:
        """Give the next value, a number."""
        return float(self._next("number", "a number"))

    def count(self) -> int:
        """Give the next value, a number of tiers or intervals."""
        found = self._next("number", "a count")
        return int(found) if found.isdigit() else self._refuse("a count")

    def flag(self) -> str:
        """Give the next value, a flag such as ``<exists>``, without its brackets."""
        return self._next("flag", "<exists>")

    def at_end(self) -> bool:
        """Tell whether no value is left."""
        return self._match() is None

    def _next(self, kind: str, what: str) -> str:
        match = self._match()
        if match is None or match.lastgroup != kind or (kind == "number" and len(match[kind]) > LONGEST_NUMBER):
            return self._refuse(what)
        self._position = match.end()
        return match[kind]

    def _match(self) -> re.Match[str] | None:
        while match := VALUE.match(self._content, self._position):
            if match.lastgroup not in (None, "skip"):
                return match
            self._position = match.end()
        return None

    def _refuse(self, what: str) -> NoReturn:
        line = self._content.count("\n", 0, self._position) + 1
        there = "the file ends" if self._position == len(self._content) else "something else stands"
        raise DataError(
            f"{self._path}: line {line}: {there} where {what} is expected. Save the TextGrid again from Praat, as text."
        )
