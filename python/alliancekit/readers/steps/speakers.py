"""Each turn's speaker becomes a role; speakers who are neither are marked, to be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.columns import rename
from alliancekit.readers.protocol import Table
from alliancekit.roles import check_roles, exact, map_roles, names_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.steps.context import Context

SPEAKER: Final = "\0speaker"
"""The speaker's own name beside the role, until turns are merged; no file can have a column of that name."""


def assign_roles(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Replace `role` by `patient` or `therapist`, null for a speaker to be left out; keep the name as `SPEAKER`."""
    last: dict[object, str] = {}
    for table in tables:
        frame = rename(table.frame, {}, require=tuple(schema.REQUIRED_COLUMNS), place=context.place(table))
        names = names_of(frame[schema.ROLE], context.place(table))
        names = names.set(names.str.strip_chars() == "", None)
        if context.options.unnamed == "previous":
            names = _filled(frame, names, last)
        yield Table(_with_roles(frame, names, table, context), table.rows, table.problems)


def _with_roles(frame: pl.DataFrame, names: pl.Series, table: Table, context: Context) -> pl.DataFrame:
    out = _left_out(names, context)
    here = Table(frame.filter(~out), table.rows.filter(~out))
    mapped = map_roles(names.filter(~out), context.options.roles, context.place(here))
    roles = (
        pl.Series(schema.ROLE, [None], dtype=pl.String).new_from_index(0, len(names)).scatter((~out).arg_true(), mapped)
    )
    return frame.with_columns(roles, names.alias(SPEAKER))


def _left_out(names: pl.Series, context: Context) -> pl.Series:
    options = context.options
    kept = check_roles(options.roles)
    unwanted = {exact(name) for name in options.leave_out} | (schema.LEFT_OUT_NAMES - kept.keys())
    distinct = names.unique().drop_nulls()
    found = distinct.filter([exact(name) in unwanted for name in distinct])
    out = names.is_in(found.implode()).fill_null(value=False)
    return out | names.is_null() if options.unnamed == "leave-out" else out


def _filled(frame: pl.DataFrame, names: pl.Series, last: dict[object, str]) -> pl.Series:
    sessions = frame[schema.SESSION_ID]
    named = frame.select(schema.SESSION_ID, names.alias(SPEAKER))
    filled = named.select(pl.col(SPEAKER).forward_fill().over(schema.SESSION_ID)).to_series()
    if filled.null_count():
        filled = pl.Series(
            SPEAKER,
            [last.get(session) if name is None else name for session, name in zip(sessions, filled, strict=True)],
            dtype=pl.String,
        )
    last.update(zip(sessions, filled, strict=True))
    return filled
