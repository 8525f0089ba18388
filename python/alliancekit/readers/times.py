"""Times within a session, however a file has them, to seconds."""

from __future__ import annotations

from typing import Final

import polars as pl

CLOCK: Final = r"^\s*(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)\s*$"
NUMBER: Final = r"^\s*\d+(?:[.,]\d+)?\s*$"


def in_seconds(column: pl.Series) -> pl.Series:
    """Give numbers, durations, times of day, and texts such as ``1:02`` or ``00:01:02,500`` as seconds.

    Numbers are seconds already, and stay as they are. The others become Float64; a text that is no time is null.

    Raises:
        TypeError: the column holds something else, such as dates.

    >>> in_seconds(pl.Series(["1:02", "01:00:02,5", "83.5", "later"])).to_list()
    [62.0, 3602.5, 83.5, None]
    """
    if column.dtype.is_numeric():
        return column
    if column.dtype in (pl.Time, pl.Duration):
        return of_durations(column.cast(pl.Duration("ns") if column.dtype == pl.Time else column.dtype))
    if column.dtype not in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        raise TypeError(column.dtype)
    return _of_texts(column.cast(pl.String))


def of_durations(durations: pl.Series) -> pl.Series:
    """Give durations as seconds (Float64).

    >>> import datetime
    >>> of_durations(pl.Series([datetime.timedelta(minutes=1, seconds=2.5)])).to_list()
    [62.5]
    """
    # Whole seconds by themselves: Polars divides by way of a reciprocal, and 62.0 would be 62.00000000000001.
    microseconds = durations.dt.total_microseconds()
    return microseconds // 1_000_000 + (microseconds % 1_000_000) / 1_000_000


def _of_texts(texts: pl.Series) -> pl.Series:
    parts = texts.str.extract_groups(CLOCK).struct.unnest()
    hours, minutes, seconds = (_number(parts.to_series(place)) for place in range(3))
    clock = hours.fill_null(0) * 3600 + minutes * 60 + seconds
    number = _number(texts.set(~texts.str.contains(NUMBER), None).str.strip_chars())
    return clock.zip_with(clock.is_not_null(), number).alias(texts.name)


def _number(digits: pl.Series) -> pl.Series:
    return digits.str.replace(",", ".", literal=True).cast(pl.Float64)
