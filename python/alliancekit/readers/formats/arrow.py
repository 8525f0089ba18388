"""Arrow files: the IPC file format, which Feather is too, and the IPC stream, as Hugging Face's data sets have it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.errors import DataError
from alliancekit.readers.formats.arrow_messages import are_whole
from alliancekit.readers.formats.pieces import pieces
from alliancekit.readers.head import read_head
from alliancekit.readers.protocol import Format, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions

FILE: Final = b"ARROW1\0\0"
FIRST_FEATHER: Final = b"FEA1"
DAMAGED: Final = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)
"""What Polars raises on a damaged file; some damage makes its threads panic."""


def tables(path: Path, options: ReadOptions) -> Iterator[Table]:
    """Parse an Arrow file piece by piece (`Format.tables`); a stream is held in memory as a whole."""
    start = read_head(path).data
    if not start:
        raise DataError(f"{path}: the file is empty.")
    if start.startswith(FIRST_FEATHER):
        raise DataError(f"{path}: the first version of Feather, which is no longer read. Save it as Feather 2 (Arrow).")
    if not are_whole(path):
        raise _damaged(path)
    found = _of_file(path, options) if start.startswith(FILE) else _of_stream(path, options)
    try:
        yield from found
    except DataError:
        raise
    except DAMAGED:
        raise _damaged(path) from None


def _of_file(path: Path, options: ReadOptions) -> Iterator[Table]:
    scan = pl.scan_ipc(path, glob=False, hive_partitioning=False)
    records = int(scan.select(pl.len()).collect().item())
    _refuse_no_rows(path, records)
    seen = 0
    for frame in scan.collect_batches(chunk_size=options.batch_rows):
        rows = pl.int_range(seen + 1, seen + frame.height + 1, dtype=pl.UInt32, eager=True)
        seen += frame.height
        yield Table(frame, rows)
    # A thread of Polars that panics on a damaged piece ends the batches early, without an error.
    if seen != records:
        raise _damaged(path)


def _of_stream(path: Path, options: ReadOptions) -> Iterator[Table]:
    with path.open("rb") as file:
        frame = pl.read_ipc_stream(file)
    _refuse_no_rows(path, frame.height)
    yield from pieces(frame, options)


def _damaged(path: Path) -> DataError:
    return DataError(
        f"{path}: not an Arrow file, a damaged one, or one with two columns of one name. Export or copy it again."
    )


def _refuse_no_rows(path: Path, records: int) -> None:
    if records == 0:
        raise DataError(f"{path}: the file has columns and no rows.")


FORMATS: Final = (Format("Arrow", (".arrow", ".arrows", ".feather", ".ipc"), "Arrow IPC and Feather files", tables),)
