"""Bounds that keep one bad file from taking all memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.errors import DataError

if TYPE_CHECKING:
    from pathlib import Path

BLOCK: Final = 1 << 20
MOST_COLUMNS: Final = 10_000


def refuse_long_lines(path: Path, limit: int) -> None:
    """Refuse a file with a line of more than `limit` bytes, without holding the line in memory.

    Raises:
        DataError: with the line's number.

    """
    if path.stat().st_size <= limit:
        return
    size = min(BLOCK, limit)  # so that a line within a block is within the limit
    number, begun = 1, 0
    with path.open("rb") as file:
        while block := file.read(size):
            first, last = _line_ends(block)
            if begun + (first if first >= 0 else len(block)) > limit:
                raise too_long(path, "line", number, limit)
            number += max(block.count(b"\n"), block.count(b"\r"))
            begun = begun + len(block) if last < 0 else len(block) - last - 1


def refuse_wide(path: Path, columns: int) -> None:
    """Refuse a table of so many columns that a piece of it would take all memory.

    Raises:
        DataError: there are more than `MOST_COLUMNS`.

    """
    if columns > MOST_COLUMNS:
        raise DataError(f"{path}: the table has more than {MOST_COLUMNS} columns. Is it a transcript? Drop some if so.")


def too_long(path: Path, unit: str, number: int, limit: int) -> DataError:
    """Make the error for a record over the limit."""
    return DataError(
        f"{path}: {unit} {number} has more than {limit} bytes. Is it a transcript? If so, raise the limit with "
        "max_record_bytes (command line: --max-record-bytes)."
    )


def _line_ends(block: bytes) -> tuple[int, int]:
    feeds = [place for place in (block.find(b"\n"), block.find(b"\r")) if place >= 0]
    return min(feeds, default=-1), max(block.rfind(b"\n"), block.rfind(b"\r"))
