"""Where a table came from, so that an error can say which file and which row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl


@dataclass(frozen=True, slots=True)
class Place:
    """The file that a table was read from, and the row of that file that each of the table's rows was.

    Attributes:
        path: the file; None for a table that the caller made.
        rows: 1-based data rows of the file (UInt32 or wider), as many as the table has; None means 1, 2, 3, …
        unit: what they count: ``row``, or ``line``, ``cue``, … in a file that is no table.

    >>> Place().row(0)
    1
    """

    path: Path | None = None
    rows: pl.Series | None = None
    unit: str = "row"

    @property
    def prefix(self) -> str:
        """What an error message begins with: the file and a colon, or nothing."""
        return "" if self.path is None else f"{self.path}: "

    def row(self, position: int) -> int:
        """Give the 1-based data row of the table's row at the 0-based `position`."""
        return position + 1 if self.rows is None else int(self.rows[position])
