"""Parquet files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.errors import DataError
from alliancekit.readers.head import read_head
from alliancekit.readers.protocol import Format, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions

DAMAGED: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException)
"""What Polars raises on a damaged file; some damage makes its threads panic."""


def tables(path: Path, options: ReadOptions) -> Iterator[Table]:
    """Parse a Parquet file piece by piece (`Format.tables`)."""
    if not read_head(path).data:
        raise DataError(f"{path}: the file is empty.")
    seen = 0
    try:
        scan = pl.scan_parquet(path, glob=False, hive_partitioning=False)
        records = int(scan.select(pl.len()).collect().item())
        for frame in scan.collect_batches(chunk_size=options.batch_rows):
            rows = pl.int_range(seen + 1, seen + frame.height + 1, dtype=pl.UInt32, eager=True)
            seen += frame.height
            yield Table(frame, rows)
    except DAMAGED:
        raise DataError(f"{path}: not a Parquet file, or a damaged one. Export or copy it again.") from None
    # A thread of Polars that panics on a damaged page ends the batches early, without an error.
    if seen != records:
        raise DataError(
            f"{path}: damaged: {records} rows are there, and {seen} could be read. Export or copy it again."
        )
    if records == 0:
        raise DataError(f"{path}: the file has columns and no rows.")


FORMATS: Final = (Format("Parquet", (".parquet", ".pq"), "columnar files of Polars, pandas, Spark, R arrow", tables),)
