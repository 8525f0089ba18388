"""Times of day as transcripts have them, to seconds."""

from __future__ import annotations

from typing import Final

import polars as pl

CLOCK: Final = r"^\s*(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:[.,]\d+)?)\s*$"


def seconds(column: pl.Series) -> pl.Series:
    """Give times such as ``1:02``, ``00:01:02`` or ``00:01:02,500`` as seconds (Float64).

    Numbers are seconds already. What is no time is null.

    >>> seconds(pl.Series(["1:02", "01:00:02,5", "later"])).to_list()
    [62.0, 3602.5, None]
    """
    if column.dtype.is_numeric():
        return column.cast(pl.Float64)
    parts = column.cast(pl.String).str.extract_groups(CLOCK).struct.unnest()
    hours, minutes, rest = (parts.to_series(place).str.replace(",", ".", literal=True) for place in range(3))
    return hours.cast(pl.Float64).fill_null(0) * 3600 + minutes.cast(pl.Float64) * 60 + rest.cast(pl.Float64)


def clock_seconds(text: str) -> float | None:
    """Give one such time as seconds; None for what is no time.

    >>> clock_seconds("0:12")
    12.0
    """
    value: float | None = seconds(pl.Series([text], dtype=pl.String))[0]
    return value
