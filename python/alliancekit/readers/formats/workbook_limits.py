"""The check of a workbook before a library unpacks it: what would take all memory.

An ``.xlsx`` is a zip archive of XML. A few bytes of it may unpack to gigabytes; a single cell in the last row and
column makes calamine lay out seventeen thousand million cells; and many cells may repeat one long shared text. The
sizes in an archive's directory are the writer's claims, so each part is unpacked here in constant memory and measured.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Final

from alliancekit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MOST_BYTES: Final = 2**30
MOST_CELLS: Final = 40_000_000
RATIO: Final = 100
"""A workbook that unpacks to less than this many times its size is no bomb."""
BLOCK: Final = 1 << 20
OVERLAP: Final = 1024
"""More bytes than a cell's tag may have, so that none is missed where two blocks meet."""
CELL: Final = re.compile(
    rb"""<(?:\w{1,9}:)?c\s[^<>]{0,300}?\br\s{0,9}=\s{0,9}["']([A-Za-z]{1,3})(\d{1,7})["'][^<>]{0,300}(?<!/)>"""
)
"""Bounded everywhere, so that no content makes the search slow; a longer tag is refused."""
LONG_CELL: Final = re.compile(rb"<(?:\w{1,9}:)?c\s[^<>]{300}")
INDEX: Final = re.compile(rb"<(?:\w{1,9}:)?v\b[^<>]{0,300}>\s{0,9}(\d{1,9})\s{0,9}<")
TEXT_END: Final = re.compile(rb"</(?:\w{1,9}:)?si>")


@dataclass(slots=True)
class _Part:
    """What a part of the archive holds.

    Attributes:
        size: bytes unpacked.
        texts: bytes of each shared text.
        columns, lines: first and last of those that cells stand in.
        cells: cells that hold something.

    """

    size: int = 0
    texts: list[int] = field(default_factory=list)
    columns: tuple[int, int] = (1 << 30, 0)
    lines: tuple[int, int] = (1 << 30, 0)
    cells: int = 0

    @property
    def rectangle(self) -> int:
        return (self.columns[1] - self.columns[0] + 1) * (self.lines[1] - self.lines[0] + 1) if self.cells else 0


def refuse_bomb(path: Path) -> None:
    """Refuse a workbook that would take too much memory, or that is no zip archive of known compression.

    Raises:
        DataError: with what is too large.

    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as file:
            _check(path, archive.infolist(), file)
    except DataError:
        raise
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, OverflowError):
        raise DataError(f"{path}: not an Excel workbook, or a damaged one. Export or copy it again.") from None


def _check(path: Path, members: list[zipfile.ZipInfo], file: IO[bytes]) -> None:
    allowed = max(MOST_BYTES, RATIO * path.stat().st_size)
    total = 0
    texts: list[int] = []
    sheets: list[zipfile.ZipInfo] = []
    cells = 0
    for member in members:
        part = _measured(member, file, allowed - total)
        total += part.size
        if total > allowed:
            raise _too_large(path, f"it unpacks to more than {allowed} bytes")
        if part.rectangle > MOST_CELLS:
            raise _too_large(path, f"a sheet's cells span {part.rectangle} places, most of them empty")
        texts += part.texts
        cells += part.cells
        if part.cells:
            sheets.append(member)
    if cells * max(texts, default=0) > allowed and _repeated(sheets, file, texts) > allowed:
        raise _too_large(path, f"its cells repeat texts to more than {allowed} bytes")


def _measured(member: zipfile.ZipInfo, file: IO[bytes], allowed: int) -> _Part:
    part = _Part()
    before, text = b"", 0
    for block in _unpacked(member, file):
        part.size += len(block)
        if part.size > allowed:
            break
        for end in TEXT_END.finditer(block):
            part.texts.append(text + end.end())
            text = -end.end()
        text += len(block)
        window = before + block
        if LONG_CELL.search(window) or len(part.texts) > MOST_CELLS:
            raise zipfile.BadZipFile
        for column, line in CELL.findall(window):
            _count_cell(part, _number_of(column), int(line))
        before = window[-OVERLAP:]
    return part


def _count_cell(part: _Part, column: int, line: int) -> None:
    part.cells += 1
    part.columns = (min(part.columns[0], column), max(part.columns[1], column))
    part.lines = (min(part.lines[0], line), max(part.lines[1], line))


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _repeated(sheets: list[zipfile.ZipInfo], file: IO[bytes], texts: list[int]) -> int:
    """Give how many bytes the cells have that hold shared texts; a number in a cell may be counted as one."""
    total = 0
    for member in sheets:
        before = b""
        for block in _unpacked(member, file):
            window = before + block
            cut = max(window.rfind(b">"), 0)
            total += sum(texts[int(index)] for index in INDEX.findall(window[:cut]) if int(index) < len(texts))
            before = window[cut:]
    return total


def _unpacked(member: zipfile.ZipInfo, file: IO[bytes]) -> Iterator[bytes]:
    """Give a part's bytes block by block, as many as its data have, whatever its header says."""
    file.seek(member.header_offset + 26)
    lengths = file.read(4)
    file.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
    left = member.compress_size
    if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile
    unpack = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 and (packed := file.read(min(BLOCK, left))):
        left -= len(packed)
        if unpack is None:
            yield packed
            continue
        while packed and not unpack.eof:
            yield unpack.decompress(packed, BLOCK)
            packed = unpack.unconsumed_tail


def _too_large(path: Path, what: str) -> DataError:
    return DataError(
        f"{path}: {what}. It is no table of turns as it stands; save the turns as CSV, or as a new workbook."
    )
