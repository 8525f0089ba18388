"""The check of a Parquet file's pages before Polars reads them.

A page says itself how many values it has. Where that is damaged, Polars asks for as much memory and ends the whole
process. So what the pages say is held against what the file's end says of their columns
(apache/parquet-format, ``parquet.thrift``: FileMetaData, ColumnMetaData, PageHeader).
"""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any, Final

from alliancekit.readers.formats.thrift import Compact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MAGIC: Final = b"PAR1"
ROW_GROUPS: Final = 4
COLUMNS: Final = 1
META: Final = 3
N_VALUES, DATA_AT, DICTIONARY_AT = 5, 9, 11
"""Of a column's metadata."""
UNPACKED_SIZE, SIZE, DATA, DICTIONARY, DATA_2 = 2, 3, 5, 7, 8
"""Of a page's header."""
PAGE_VALUES: Final = 1


def are_whole(path: Path) -> bool:
    """Tell whether the pages of each column have as many values as the file's end says.

    True, too, for what is no Parquet file: Polars says so itself.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        if data[-len(MAGIC) :] != MAGIC:
            return True
        try:
            return all(_is_whole(column, data) for column in _columns(data))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError, RecursionError):
            return False


def _columns(data: mmap.mmap) -> Iterator[dict[int, Any]]:
    size = int.from_bytes(data[-8:-4], "little")
    end: dict[int, Any] = Compact(data, max(len(data) - 8 - size, 0)).struct()
    for group in end[ROW_GROUPS]:
        for column in group[COLUMNS]:
            yield column[META]


def _is_whole(column: dict[int, Any], data: mmap.mmap) -> bool:
    left = column[N_VALUES]
    if left == 0:
        return True  # it may have no page, and no place of one
    position = min(place for place in (column.get(DICTIONARY_AT), column[DATA_AT]) if place)
    while left > 0:
        header = Compact(data, position)
        page: dict[int, Any] = header.struct()
        values = (page.get(DATA) or page.get(DATA_2) or page[DICTIONARY])[PAGE_VALUES]
        position = header.position + page[SIZE]
        if min(values, page[SIZE], page[UNPACKED_SIZE]) < 0 or position > len(data):
            return False
        left -= 0 if DICTIONARY in page else values
    return bool(left == 0)
