"""Rows that no turn can be made of are set aside, where the caller asks for it; else later steps refuse them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.readers.protocol import Table
from alliancekit.turns import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.steps.context import Context


def set_aside_keys(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Set aside rows without session_id or turn_index, and those whose turn_index is no whole number."""
    if context.sides.set_aside is None:
        yield from tables
        return
    for table in tables:
        kept = table
        for name in KEY:
            if name in kept.frame.columns:
                kept = without(kept, kept.frame[name].is_null(), f"{name}_missing", context)
        yield _with_whole_numbers(kept, context)


def set_aside_repeated(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Set aside the turns of a table whose session_id and turn_index stand in it before."""
    if context.sides.set_aside is None:
        yield from tables
        return
    for table in tables:
        first = table.frame.select(pl.struct(KEY).is_first_distinct()).to_series()
        yield without(table, ~first, "repeated_turn", context)


def without(table: Table, bad: pl.Series, reason: str, context: Context) -> Table:
    """Give the table without the rows that are `bad` (Boolean), which are set aside; all of it where nothing is."""
    if context.sides.set_aside is None or not bad.any():
        return table
    context.sides.set_aside.add(table.rows.filter(bad), reason)
    return Table(table.frame.filter(~bad), table.rows.filter(~bad), table.problems)


def _with_whole_numbers(table: Table, context: Context) -> Table:
    """Read a turn_index that is text as numbers, unless most of it is none: then another column is meant."""
    index = table.frame.get_column(schema.TURN_INDEX, default=None)
    if index is None or index.dtype != pl.String:
        return table
    numbers = index.str.strip_chars().cast(pl.Int64, strict=False)
    bad = numbers.is_null()
    if int(bad.sum()) * 2 > len(index):
        return table
    frame = table.frame.with_columns(numbers.alias(schema.TURN_INDEX))
    return without(Table(frame, table.rows, table.problems), bad, f"{schema.TURN_INDEX}_not_whole", context)
