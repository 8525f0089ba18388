"""JSON files: one document, or the elements of an array one by one, each within the limit of a record."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Final

from alliancekit.errors import DataError
from alliancekit.readers.json_values import SCAN, SPACE, json_error, may_have_half_pair, parsed, refuse_half_pair
from alliancekit.readers.limits import refuse_long_lines, too_long

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.text_file import TextFile

BLOCK: Final = 1 << 16
LINE_ENDS: Final = ("\n", "\r\n", "")
LONGEST_TOKEN: Final = 64
"""More characters than a token has that a cut can spoil, numbers and escapes among them."""


def document(text: TextFile, options: ReadOptions) -> object:
    """Give the JSON value that the file is.

    Raises:
        DataError: the file is not one JSON value, or has more than `max_record_bytes`.

    """
    if text.path.stat().st_size > options.max_record_bytes:
        raise too_long(text.path, "document", 1, options.max_record_bytes)
    with text.decoding(), text.open() as file:
        return parsed(file.read(), f"{text.path}: the file")


def elements(text: TextFile, options: ReadOptions) -> Iterator[tuple[int, object]]:
    """Give each element of the file with its 1-based number, without holding the file in memory.

    The file is an array, of which each element is given; or one value; or a value a line (JSON lines), by its name.

    Raises:
        DataError: it is not JSON, or an element has more than `max_record_bytes`.

    """
    if text.path.suffix.lower() in (".jsonl", ".ndjson"):
        yield from json_lines(text, options)
        return
    with text.decoding(), text.open() as file:
        start = file.read(BLOCK).lstrip(SPACE)
        while not start and (more := file.read(BLOCK)):
            start = more.lstrip(SPACE)
        if start.startswith("["):
            yield from _Array(text, file, start[1:], options.max_record_bytes).elements()
            return
    yield 1, document(text, options)


def json_lines(text: TextFile, options: ReadOptions) -> Iterator[tuple[int, object]]:
    """Give the value of each line that is not blank, with the line's number."""
    refuse_long_lines(text.path, options.max_record_bytes)
    with text.decoding(), text.open(newline="\n") as file:
        for number, line in enumerate(file, start=1):
            # The quick way is for lines without a doubt; `parsed` decides the others.
            try:
                value, end = SCAN(line, 0)
            except (StopIteration, ValueError, RecursionError):
                value, end = None, 0
            if end and line[end:] in LINE_ENDS and not may_have_half_pair(line):
                yield number, value
            elif not (line.isspace() and line.isascii()):
                yield number, parsed(line, f"{text.path}: line {number}")


class _Array:
    """Reads an array element by element; the buffer grows to one element at most."""

    def __init__(self, text: TextFile, file: IO[str], buffer: str, limit: int) -> None:
        self._text, self._file, self._buffer, self._limit = text, file, buffer, limit
        self._position = 0
        self._number = 0

    def elements(self) -> Iterator[tuple[int, object]]:
        if self._next_mark() == "]":
            self._position += 1
        else:
            yield self._element()
            while self._separated():
                yield self._element()
        if self._next_mark():
            raise DataError(f"{self._text.path}: something follows the array's end. The file is one JSON array.")

    def _separated(self) -> bool:
        mark = self._next_mark()
        if mark not in (",", "]"):
            cut = "the file ends before its array does" if not mark else f"no comma follows element {self._number}"
            raise DataError(f"{self._text.path}: {cut}. Mend the file, or export it again.")
        self._position += 1
        self._next_mark()
        return mark == ","

    def _element(self) -> tuple[int, object]:
        self._number += 1
        place = f"{self._text.path}: element {self._number}"
        while True:
            try:
                value, end = SCAN(self._buffer, self._position)
                failure: Exception | None = None
            except StopIteration as stop:
                value, end = None, len(self._buffer)
                failure = json.JSONDecodeError("Expecting value", self._buffer, stop.value)
            except (ValueError, RecursionError) as error:
                value, end, failure = None, len(self._buffer), error
            if failure is None or _may_be_cut(failure, end):
                self._check_size(end)
            # A number may go on where the buffer ends: "1" may become "1.5e-3".
            unfinished = failure is not None or self._buffer[end : end + 1] not in tuple(",]" + SPACE)
            if unfinished and (failure is None or _may_be_cut(failure, end)) and self._read():
                continue
            if failure:
                raise json_error(self._within(failure), place)
            if self._buffer.find("\\u", self._position, end) >= 0:
                refuse_half_pair(value, place)
            self._position = end
            return self._number, value

    def _within(self, failure: Exception) -> Exception:
        # Counted from the element's beginning, since the buffer begins anywhere.
        if not isinstance(failure, json.JSONDecodeError):
            return failure
        return json.JSONDecodeError(failure.msg, self._buffer[self._position :], failure.pos - self._position)

    def _check_size(self, end: int) -> None:
        characters = end - self._position
        if characters * 4 > self._limit and len(self._buffer[self._position : end].encode()) > self._limit:
            raise too_long(self._text.path, "element", self._number, self._limit)

    def _next_mark(self) -> str:
        while True:
            rest = self._buffer[self._position : self._position + 64].lstrip(SPACE)
            if rest:
                self._position = self._buffer.index(rest[0], self._position)
                return rest[0]
            self._position = min(self._position + 64, len(self._buffer))
            if self._position == len(self._buffer) and not self._read():
                return ""

    def _read(self) -> bool:
        # Twice as much each time, so that a long element is not begun again too often.
        more = self._file.read(max(BLOCK, len(self._buffer) - self._position))
        self._buffer = self._buffer[self._position :] + more
        self._position = 0
        return bool(more)


def _may_be_cut(failure: Exception, end: int) -> bool:
    """Tell whether more of the file may mend what failed, `end` being where the buffer ends."""
    if isinstance(failure, json.JSONDecodeError):
        return failure.msg.startswith("Unterminated string") or end - failure.pos < LONGEST_TOKEN
    return False
