"""Rows that are taken out and named, where the caller goes on instead of stopping at the first."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterable

ROW: Final = "row"
REASON: Final = "reason"
COLUMNS: Final[dict[str, type[pl.DataType]]] = {ROW: pl.UInt32, REASON: pl.String}


@dataclass(slots=True)
class SetAside:
    """Collects them file by file; without one, the steps refuse such rows.

    Attributes:
        pieces: number in the file and reason code of each row that was taken out since the last `take`.

    >>> aside = SetAside()
    >>> aside.add(pl.Series([3, 7]), "role_unknown")
    >>> aside.take().rows(), aside.take().rows()
    ([(3, 'role_unknown'), (7, 'role_unknown')], [])

    """

    pieces: list[pl.DataFrame] = field(default_factory=list)

    def add(self, rows: Iterable[int] | pl.Series, reason: str) -> None:
        """Take down rows of the file that is being read, by their 1-based numbers."""
        numbers = pl.Series(ROW, rows, dtype=pl.UInt32)
        if len(numbers):
            self.pieces.append(pl.DataFrame([numbers]).with_columns(pl.lit(reason).alias(REASON)))

    def take(self) -> pl.DataFrame:
        """Give what was taken out since the last time: columns `row` and `reason`, sorted by row."""
        pieces, self.pieces = self.pieces, []
        return pl.concat([pl.DataFrame(schema=COLUMNS), *pieces]).sort(ROW, REASON)
