"""A table that is in memory as a whole, given piece by piece."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit.readers.protocol import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Problem


def pieces(
    frame: pl.DataFrame, options: ReadOptions, *, rows: pl.Series | None = None, problems: tuple[Problem, ...] = ()
) -> Iterator[Table]:
    """Give the table in pieces of at most `options.batch_rows`.

    Args:
        frame: at least one row.
        options: how the file is read.
        rows: 1-based number of each row in the file; None is 1, 2, 3, …
        problems: what the first piece says.

    >>> from alliancekit.readers.options import ReadOptions
    >>> found = pieces(pl.DataFrame({"text": ["a", "b", "c"]}), ReadOptions(batch_rows=2))
    >>> [table.rows.to_list() for table in found]
    [[1, 2], [3]]
    """
    if rows is None:
        rows = pl.int_range(1, frame.height + 1, dtype=pl.UInt32, eager=True)
    for start in range(0, frame.height, options.batch_rows):
        yield Table(frame[start : start + options.batch_rows], rows[start : start + options.batch_rows], problems)
        problems = ()
