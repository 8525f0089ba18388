"""Columns get their canonical names: by the caller's mapping, or by a preset, which is said."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from alliancekit.columns import rename
from alliancekit.readers.presets import preset_for
from alliancekit.readers.protocol import Table
from alliancekit.readers.steps.clocks import seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.presets import Preset
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.steps.context import Context


def name_columns(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Give the tables under canonical names; columns that are not mapped keep their own."""
    first = next(tables, None)
    if first is None:
        return
    tables = chain([first], tables)
    preset = preset_for(first.frame.columns, context.options)
    if preset is None:
        yield from (_renamed(table, context) for table in tables)
        return
    prepared = preset.prepare(tables, context) if preset.prepare else tables
    said: tuple[Problem, ...] = (_said(preset, context),)
    for table in prepared:
        yield _by_preset(table, preset, context, said)
        said = ()


def _renamed(table: Table, context: Context) -> Table:
    frame = rename(table.frame, context.options.columns, require=(), place=context.place(table))
    return Table(frame, table.rows, table.problems)


def _by_preset(table: Table, preset: Preset, context: Context, said: tuple[Problem, ...]) -> Table:
    columns = {**preset.columns, **context.options.columns}
    clocks = {
        canonical: name
        for canonical, name in preset.clocks.items()
        if name in table.frame.columns and canonical not in (*columns, *table.frame.columns)
    }
    frame = rename(table.frame, columns, require=(), place=context.place(table))
    frame = frame.with_columns(seconds(frame[name]).alias(canonical) for canonical, name in clocks.items())
    return Table(frame, table.rows, (*table.problems, *said))


def _said(preset: Preset, context: Context) -> Problem:
    columns = {**preset.columns, **context.options.columns}
    mapping = ", ".join(f"{canonical}={name}" for canonical, name in columns.items())
    return context.problem("preset", f"The columns are those of {preset.name}: read with {mapping}.")
