"""Columns of times as spreadsheets, statistics packages and Arrow have them, to seconds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.readers.presets import mapping_of

if TYPE_CHECKING:
    from alliancekit.readers.options import ReadOptions


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
        return as_seconds(column.cast(pl.Duration("ns")))
    return as_seconds(column) if column.dtype == pl.Duration else column


def as_seconds(durations: pl.Series) -> pl.Series:
    """Give durations as seconds (Float64).

    >>> import datetime
    >>> as_seconds(pl.Series([datetime.timedelta(minutes=1, seconds=2.5)])).to_list()
    [62.5]
    """
    # Whole seconds by themselves: Polars divides by way of a reciprocal, and 62.0 would be 62.00000000000001.
    microseconds = durations.dt.total_microseconds()
    return microseconds // 1_000_000 + (microseconds % 1_000_000) / 1_000_000
