"""A turn's start and end become seconds from the session's beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.labels import counted
from alliancekit.readers.protocol import Table
from alliancekit.readers.steps.ending import ending
from alliancekit.readers.times import in_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.problem import Problem
    from alliancekit.readers.steps.context import Context

TIMES: Final = (schema.START_S, schema.END_S)


def times_in_seconds(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Give `start_s` and `end_s` in seconds, and say what was no time; a column of dates stays as it is."""
    unread: dict[str, tuple[int, int]] = {}
    dated: dict[str, pl.DataType] = {}
    last: pl.DataFrame | None = None
    for table in tables:
        last = table.frame
        for name in filter(table.frame.columns.__contains__, TIMES):
            try:
                last = last.with_columns(_converted(table, name, unread))
            except TypeError:
                dated[name] = table.frame[name].dtype
        yield Table(last, table.rows, table.problems)
    if last is not None and (unread or dated):
        yield ending(last, *_problems(unread, dated, context))


def _converted(table: Table, name: str, unread: dict[str, tuple[int, int]]) -> pl.Series:
    before = table.frame[name]
    seconds = in_seconds(before)
    lost = seconds.is_null() & before.is_not_null()
    if before.dtype == pl.String:
        lost &= before.str.strip_chars() != ""
    if lost.any():
        n, first = unread.get(name, (0, int(table.rows.filter(lost)[0])))
        unread[name] = (n + int(lost.sum()), first)
    return seconds


def _problems(unread: dict[str, tuple[int, int]], dated: dict[str, pl.DataType], context: Context) -> Iterator[Problem]:
    for name, (n, row) in unread.items():
        message = f"{counted(n, 'value')} of '{name}', this one first, {'is' if n == 1 else 'are'} no time: null there."
        yield context.problem("no_time", message, row=row, column=name, severity="warning")
    for name, dtype in dated.items():
        message = f"'{name}' holds {dtype}, not the time since the session's beginning, and is left as it is."
        yield context.problem("no_time", message, column=name, severity="warning")
