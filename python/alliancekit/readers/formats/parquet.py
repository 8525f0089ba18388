"""Parquet files."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.errors import DataError
from alliancekit.readers.formats.parquet_pages import are_whole
from alliancekit.readers.head import read_head
from alliancekit.readers.protocol import Format, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions

DAMAGED: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
"""What Polars raises on a damaged file; some damage makes its threads panic."""


@contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Raise a `DataError` that names the file where Polars finds it damaged inside the block."""
    try:
        yield
    except DAMAGED:
        raise _damaged(path) from None


def scan(path: Path) -> tuple[pl.LazyFrame, int]:
    """Open a Parquet file without reading its rows, and give it and their number.

    Raises:
        FileAccessError: the file cannot be opened.
        DataError: it is empty, or no Parquet file. Damage within shows when the rows are read (`damage_named`).

    """
    if not read_head(path).data:
        raise DataError(f"{path}: the file is empty.")
    if not are_whole(path):
        raise _damaged(path)
    with damage_named(path):
        table = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        return table, int(table.select(pl.len()).collect().item())


def _damaged(path: Path) -> DataError:
    return DataError(f"{path}: not a Parquet file, or a damaged one. Export or copy it again.")


def tables(path: Path, options: ReadOptions) -> Iterator[Table]:
    """Parse a Parquet file piece by piece (`Format.tables`)."""
    seen = 0
    with damage_named(path):
        table, records = scan(path)
        # Slice by slice: Polars' own batches read row groups ahead, hundreds of megabytes of them.
        for start in range(0, records, options.batch_rows):
            frame = table.slice(start, options.batch_rows).collect()
            rows = pl.int_range(seen + 1, seen + frame.height + 1, dtype=pl.UInt32, eager=True)
            seen += frame.height
            yield Table(frame, rows)
    # A thread of Polars that panics on a damaged page ends the batches early, without an error.
    if seen != records:
        raise DataError(
            f"{path}: damaged: {records} rows are there, and {seen} could be read. Export or copy it again."
        )
    if records == 0:
        raise DataError(f"{path}: the file has columns and no rows.")


FORMATS: Final = (Format("Parquet", (".parquet", ".pq"), "columnar files of Polars, pandas, Spark, R arrow", tables),)
