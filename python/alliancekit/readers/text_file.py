"""What holds for every text format: not empty, an encoding that is known, and no endless line."""

from __future__ import annotations

import codecs
import io
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, BinaryIO, Final

from alliancekit.errors import DataError
from alliancekit.readers.head import encoding_by_mark, read_head
from alliancekit.readers.limits import refuse_long_lines
from alliancekit.readers.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions

UTF_8: Final = "utf-8-sig"
BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class TextFile:
    """A file of text whose encoding is known.

    Attributes:
        path: the file.
        encoding: as Python names it; a byte order mark belongs to it.
        has_line_feed: whether its first lines end with a line feed; otherwise with a carriage return (old Macintosh).
        problems: what is to be said of the encoding.

    """

    path: Path
    encoding: str
    has_line_feed: bool = True
    problems: tuple[Problem, ...] = ()

    def open(self, newline: str | None = None) -> IO[str]:
        """Open it as text; `newline` as in Python's `open`."""
        return self.path.open(encoding=self.encoding, newline=newline)

    def in_utf8(self) -> Path | io.BytesIO:
        """Give what Polars can read: the file, or, where it is not UTF-8, all of it converted in memory."""
        if self.encoding == UTF_8:
            return self.path
        with self.decoding(), self.open(newline="") as file:
            return io.BytesIO(file.read().encode())

    def open_utf8(self) -> BinaryIO:
        """Open it as bytes of UTF-8; a file that is not UTF-8 is converted in memory, all of it."""
        source = self.in_utf8()
        return source if isinstance(source, io.BytesIO) else source.open("rb")

    @contextmanager
    def decoding(self) -> Iterator[None]:
        """Make an error of decoding ours, with its place."""
        try:
            yield
        except UnicodeError:
            raise _not_text(self.path, self.encoding) from None


def text_file(path: Path, options: ReadOptions) -> TextFile:
    """Find the encoding: by the byte order mark, else UTF-8 where it is that, else the one that the options name.

    Raises:
        FileAccessError: the file is not there, is a folder, or may not be read.
        DataError: the file is empty, or UTF-16 that neither a mark nor the options tell.

    """
    head = read_head(path)
    if not head.text.strip():
        raise DataError(f"{path}: the file is empty.")
    encoding = encoding_by_mark(head.data)
    problems: tuple[Problem, ...] = ()
    if encoding == UTF_8 and options.encoding is not None:
        encoding, problems = _asked_for(path, options.encoding)
    if encoding == UTF_8 and _is_unmarked_utf16(head.data):
        raise DataError(
            f"{path}: the file seems to be UTF-16 without a byte order mark. Name its encoding, 'utf-16-le' or "
            "'utf-16-be' (command line: --encoding utf-16-le), or save it as UTF-8."
        )
    return TextFile(path, encoding, b"\n" in head.data, problems)


def lines(text: TextFile, options: ReadOptions) -> Iterator[tuple[int, str]]:
    """Give each line without its end, with its 1-based number; any of the three line ends.

    Raises:
        DataError: a line has more than `max_record_bytes`, or is not of the file's encoding.

    """
    refuse_long_lines(text.path, options.max_record_bytes)
    with text.decoding(), text.open() as file:
        for number, line in enumerate(file, start=1):
            yield number, line.removesuffix("\n")


def _asked_for(path: Path, encoding: str) -> tuple[str, tuple[Problem, ...]]:
    # UTF-8 read as cp1252 is mojibake without an error, and other text is hardly ever UTF-8 by chance.
    valid, ascii_only = _is_utf8(path)
    if not valid or codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
        return encoding, ()
    if ascii_only or codecs.lookup(encoding).name == "utf-8":
        return UTF_8, ()
    message = f"The file is UTF-8 and is read so, not as {encoding}."
    return UTF_8, (Problem(path, None, None, "encoding_is_utf8", message),)


def _is_unmarked_utf16(data: bytes) -> bool:
    # Latin letters in UTF-16 have a NUL as every other byte.
    start = data[:64]
    return len(start) > 8 and max(start[0::2].count(0), start[1::2].count(0)) * 4 > len(start)  # noqa: PLR2004 - fewer tell nothing


def _is_utf8(path: Path) -> tuple[bool, bool]:
    decoder = codecs.getincrementaldecoder("utf-8")()
    ascii_only = True
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            ascii_only = ascii_only and block.isascii()
            try:
                decoder.decode(block)
            except UnicodeDecodeError:
                return False, False
    whole = decoder.getstate()[0] == b""
    return whole, ascii_only


def _not_text(path: Path, encoding: str) -> DataError:
    """Make the error for a file that is not of its encoding, with the line and byte where that shows."""
    if encoding != UTF_8:
        return DataError(f"{path}: the file is not whole {encoding} text. Export it again, in UTF-8 if possible.")
    offset = 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                return DataError(
                    f"{path}: line {number} is not UTF-8 (byte {offset + error.start} of the file). Name its encoding, "
                    "for Western Windows encoding='cp1252' (command line: --encoding cp1252), or save it as UTF-8."
                )
            offset += len(line)
    return DataError(f"{path}: the file is not UTF-8. Save it as UTF-8.")
