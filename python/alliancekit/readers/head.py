"""The first bytes of a file, as far as they tell which format it has."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from alliancekit.errors import FileAccessError
from alliancekit.readers.compressed import plain_name, start_of

if TYPE_CHECKING:
    from pathlib import Path

HEAD: Final = 65_536
_JSON_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*+)"(\s*:)?')


@dataclass(frozen=True)
class Head:
    """The first bytes of a file.

    Attributes:
        path: the file, without the suffix of a packing.
        data: its first `HEAD` bytes, as they stand there.

    >>> from pathlib import Path
    >>> Head(Path("talk.json"), b' [{"dialog": [{"content": "a: b"}]}').json_keys == {"dialog", "content"}
    True
    """

    path: Path
    data: bytes

    @cached_property
    def text(self) -> str:
        """What the bytes say: by their byte order mark, else UTF-8; anything else is replaced. No mark, no CR."""
        return self.data.decode(encoding_by_mark(self.data), errors="replace").replace("\r\n", "\n").replace("\r", "\n")

    @cached_property
    def lines(self) -> list[str]:
        """The lines that are not blank, without outer white space; the last may be cut."""
        return [line for line in map(str.strip, self.text.split("\n")) if line]

    @cached_property
    def opening(self) -> str:
        """The first character that is no white space: ``{`` or ``[`` in JSON; empty for none."""
        return self.text.lstrip()[:1]

    @cached_property
    def json_keys(self) -> frozenset[str]:
        """The keys of JSON objects, at any depth, so far as this is JSON."""
        found = _JSON_STRING.finditer(self.text) if self.opening in ("{", "[") else ()
        return frozenset(match[1] for match in found if match[2])


def read_head(path: Path) -> Head:
    """Read the first bytes of a file, of a packed one those of what it holds.

    Raises:
        FileAccessError: the file is not there, is a folder, or may not be read.
        DataError: a packed file is damaged.

    """
    try:
        return Head(plain_name(path), start_of(path, HEAD))
    except OSError as error:
        raise FileAccessError(f"{path}: cannot be read: {error.strerror}.") from None


def encoding_by_mark(data: bytes) -> str:
    r"""Name the encoding by the byte order mark; without one, UTF-8.

    >>> encoding_by_mark("a".encode("utf-16")), encoding_by_mark(b"a")
    ('utf-16', 'utf-8-sig')
    """
    # UTF-32 first: its little-endian mark begins with that of UTF-16.
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    return "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
