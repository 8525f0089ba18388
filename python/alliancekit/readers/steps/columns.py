"""Columns get their canonical names: by the caller's mapping, by a preset, or by a guess that the caller asks for."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.columns import rename
from alliancekit.readers.presets import preset_for
from alliancekit.readers.protocol import Table
from alliancekit.readers.steps.guess_columns import guess_columns, is_open, offer_columns, sampled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl

    from alliancekit.readers.problem import Problem
    from alliancekit.readers.steps.context import Context

NO_CLOCKS: Final[Mapping[str, str]] = {}


def name_columns(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Give the tables under canonical names; columns that are not mapped keep their own."""
    first = next(tables, None)
    if first is None:
        return
    tables = chain([first], tables)
    columns, clocks = context.options.columns, NO_CLOCKS
    said: tuple[Problem, ...] = ()
    preset = preset_for(first.frame.columns, context.options)
    if preset is not None:
        columns, clocks = {**preset.columns, **columns}, preset.clocks
        tables = preset.prepare(tables, context) if preset.prepare else tables
        message = f"The columns are those of {preset.name}: read with {_mapping(columns)}."
        said = (context.problem("preset", message),)
    elif is_open(first.frame.columns, columns):
        guess, tables = _guess(tables, context)
        columns = {**columns, **guess}
        message = f"The columns were guessed, as asked: read with {_mapping(columns)}."
        said = (context.problem("columns_guessed", message),) if guess else ()
    for table in tables:
        yield Table(_renamed(table, columns, clocks, context), table.rows, (*table.problems, *said))
        said = ()


def _guess(tables: Iterator[Table], context: Context) -> tuple[Mapping[str, str], Iterator[Table]]:
    sample, tables = sampled(tables)
    guess = guess_columns(sample, context.options.columns)
    if not guess or context.options.guess_columns:
        return guess, tables
    if {schema.ROLE, schema.TEXT}.isdisjoint(guess):
        return {}, tables  # whether another column is the session's id is asked when keys are added
    raise offer_columns(guess, sample.columns, context)


def _renamed(table: Table, columns: Mapping[str, str], clocks: Mapping[str, str], context: Context) -> pl.DataFrame:
    there = table.frame.columns
    frame = rename(table.frame, columns, require=(), place=context.place(table))
    return frame.with_columns(
        frame[name].alias(canonical)
        for canonical, name in clocks.items()
        if name in frame.columns and canonical not in (*columns, *there)
    )


def _mapping(columns: Mapping[str, str]) -> str:
    return ", ".join(f"{canonical}={name}" for canonical, name in columns.items())
