"""Columns of times as spreadsheets, statistics packages and Arrow have them, to seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.readers.presets import mapping_of

if TYPE_CHECKING:
    from alliancekit.readers.options import ReadOptions

SECOND: Final = 1_000_000_000
"""In nanoseconds, in which Polars counts a time."""


def times_as_seconds(frame: pl.DataFrame, options: ReadOptions) -> pl.DataFrame:
    """Give a turn's start and end as seconds (Float64) where they are times of day or durations.

    >>> import datetime
    >>> from alliancekit.readers.options import ReadOptions
    >>> frame = pl.DataFrame({"start_s": [datetime.time(0, 1, 2), None]})
    >>> times_as_seconds(frame, ReadOptions())["start_s"].to_list()
    [62.0, None]
    """
    mapping = mapping_of(frame.columns, options)
    names = {mapping.get(canonical, canonical) for canonical in (schema.START_S, schema.END_S)}
    there = [name for name in frame.columns if name in names]
    return frame.with_columns(_seconds(frame[name]) for name in there)


def _seconds(column: pl.Series) -> pl.Series:
    if column.dtype == pl.Time:
        return column.cast(pl.Int64).cast(pl.Float64) / SECOND
    if column.dtype == pl.Duration:
        return column.dt.total_microseconds(fractional=True) / 1_000_000
    return column
