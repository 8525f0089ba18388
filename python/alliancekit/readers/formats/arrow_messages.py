"""The check of an Arrow file's batches before Polars reads them.

A batch says itself where its buffers lie and how large they are. Where that is damaged, Polars asks for as much memory
and ends the whole process. So it is held against the size of the file
(apache/arrow, ``format/Message.fbs`` and ``format/File.fbs``).
"""

from __future__ import annotations

import mmap
import struct
from typing import TYPE_CHECKING, Final

from flatbuffers import number_types as kinds
from flatbuffers.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE: Final = b"ARROW1"
CONTINUES: Final = 0xFFFFFFFF
MOST_BYTES: Final = 2**30
RATIO: Final = 300
"""A buffer that unpacks to less than so many times its size, or to less than `MOST_BYTES`, is no bomb."""
SLOT: Final = 4, 2
"""Where the first field of a table is described, and how far the next ones are."""
DICTIONARIES, BATCHES = 2, 3
"""Of the file's end: places of messages, 24 bytes each."""
PLACE_BYTES: Final = 24
HEADER_KIND, HEADER, BODY_LENGTH = 1, 2, 3
"""Of a message."""
DICTIONARY_BATCH, RECORD_BATCH = 2, 3
DICTIONARY_DATA: Final = 1
BUFFERS, COMPRESSION, VARIADIC = 2, 3, 4
"""Of a batch."""
AS_IT_IS: Final = -1


def are_whole(path: Path) -> bool:
    """Tell whether the buffers of each batch lie within the file, and unpack to no more than they may."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            return all(_is_whole(data, place) for place in _messages(data))
        except (AssertionError, IndexError, OverflowError, TypeError, ValueError, struct.error):
            return False


def _messages(data: mmap.mmap) -> Iterator[int]:
    """Give where each batch's message begins: by a file's end, or one after the other in a stream."""
    if data[: len(FILE)] != FILE:
        yield from _of_stream(data)
        return
    end = len(data) - len(FILE) - 4
    footer = _table(data, end - _integer(data, end, "<I"))
    for field in (DICTIONARIES, BATCHES):
        for place in range(*_vector(footer, field, PLACE_BYTES), PLACE_BYTES):
            yield _integer(data, place, "<q")


def _of_stream(data: mmap.mmap) -> Iterator[int]:
    place = 0
    while place + 8 <= len(data):
        start, size = _metadata(data, place)
        if size == 0:
            return
        yield place
        place = start + size + _number(_table(data, start), BODY_LENGTH)


def _is_whole(data: mmap.mmap, place: int) -> bool:
    start, size = _metadata(data, place)
    message = _table(data, start)
    body, length = start + size, _number(message, BODY_LENGTH)
    kind = message.GetSlot(_slot(HEADER_KIND), 0, kinds.Uint8Flags)
    if not 0 <= length <= len(data) - body or place < 0:
        return False
    if kind not in (DICTIONARY_BATCH, RECORD_BATCH):
        return True
    batch = _inside(message, HEADER)
    if kind == DICTIONARY_BATCH:
        batch = _inside(batch, DICTIONARY_DATA)
    packed = batch.Offset(_slot(COMPRESSION)) != 0
    buffers = [struct.unpack_from("<qq", data, place) for place in range(*_vector(batch, BUFFERS, 16), 16)]
    variadic = [_integer(data, place, "<q") for place in range(*_vector(batch, VARIADIC, 8), 8)]
    inside = all(offset >= 0 and 0 <= size <= length - offset for offset, size in buffers)
    counted = all(0 <= count <= len(buffers) for count in variadic)
    return inside and counted and not (packed and any(_is_bomb(data, body + at, size) for at, size in buffers))


def _is_bomb(data: mmap.mmap, place: int, size: int) -> bool:
    if size < struct.calcsize("<q"):
        return size > 0
    unpacked = _integer(data, place, "<q")
    return unpacked != AS_IT_IS and not 0 <= unpacked <= max(MOST_BYTES, RATIO * size)


def _metadata(data: mmap.mmap, place: int) -> tuple[int, int]:
    """Give where a message's metadata begin and how large they are; before Arrow 0.15 nothing stood before the size."""
    size = _integer(data, place, "<I")
    return (place + 4, size) if size != CONTINUES else (place + 8, _integer(data, place + 4, "<I"))


def _table(data: mmap.mmap, place: int) -> Table:
    return Table(data, place + _integer(data, place, "<I"))


def _inside(table: Table, field: int) -> Table:
    return Table(table.Bytes, table.Indirect(table.Pos + table.Offset(_slot(field))))


def _vector(table: Table, field: int, width: int) -> tuple[int, int]:
    """Give where a vector's elements begin and end; nowhere where there is none."""
    offset = table.Offset(_slot(field))
    if offset == 0:
        return 0, 0
    start = table.Vector(offset)
    return start, start + width * table.VectorLen(offset)


def _number(table: Table, field: int) -> int:
    return int(table.GetSlot(_slot(field), 0, kinds.Int64Flags))


def _integer(data: mmap.mmap, place: int, kind: str) -> int:
    if place < 0:
        raise IndexError(place)
    return int(struct.unpack_from(kind, data, place)[0])


def _slot(field: int) -> int:
    first, step = SLOT
    return first + step * field
