"""Each turn's speaker becomes a role; speakers who are neither are marked, to be left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.columns import rename
from alliancekit.readers.protocol import Table
from alliancekit.readers.steps.ending import ending
from alliancekit.readers.steps.naming import LEAVE_OUT, naming, roles_of_file
from alliancekit.readers.steps.setting_aside import without
from alliancekit.roles import exact, map_roles, names_of
from alliancekit.turns import canonical_keys_and_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.steps.context import Context
    from alliancekit.readers.steps.naming import Naming

SPEAKER: Final = "\0speaker"
"""The speaker's own name beside the role, until turns are merged; no file can have a column of that name."""


def assign_roles(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Replace `role` by `patient` or `therapist`, null for a speaker to be left out; keep the name as `SPEAKER`."""
    last: dict[object, str] = {}
    meanings = naming(context)
    unseen = set(roles_of_file(context))
    frame: pl.DataFrame | None = None
    for table in tables:
        frame = rename(table.frame, {}, require=tuple(schema.REQUIRED_COLUMNS), place=context.place(table))
        frame = canonical_keys_and_text(frame, context.place(table))
        names = speaker_names(frame, last, table, context)
        unseen -= {exact(name) for name in names.unique().drop_nulls()} if unseen else set()
        assigned = _with_roles(Table(frame, table.rows, table.problems), names, meanings, context)
        frame = assigned.frame
        yield assigned
    if unseen and frame is not None:
        message = f"{len(unseen)} speakers whom the roles file gives this file have no turn in it."
        yield ending(frame, context.problem("roles_file_speaker", message, column=schema.ROLE, severity="warning"))


def speaker_names(frame: pl.DataFrame, last: dict[object, str], table: Table, context: Context) -> pl.Series:
    """Give the speakers' names, null where there is none; `last` keeps each session's last one."""
    names = names_of(frame[schema.ROLE], context.place(table))
    names = names.set(names.str.strip_chars() == "", None)
    return _filled(frame, names, last) if context.options.unnamed == "previous" else names


def _with_roles(table: Table, names: pl.Series, meanings: Naming, context: Context) -> Table:
    table, names = _with_known(table, names, meanings, context)
    frame = table.frame
    by_session = _by_session(frame, names, context)
    out = (by_session == LEAVE_OUT).fill_null(value=False) | (
        _left_out(names, meanings, context) & by_session.is_null()
    )
    open_ = ~out & by_session.is_null()
    here = Table(frame.filter(open_), table.rows.filter(open_))
    mapped = map_roles(names.filter(open_), meanings.roles, context.place(here))
    assigned = by_session.set(out, None).scatter(open_.arg_true(), mapped).alias(schema.ROLE)
    return Table(frame.with_columns(assigned, names.alias(SPEAKER)), table.rows, table.problems)


def _with_known(table: Table, names: pl.Series, meanings: Naming, context: Context) -> tuple[Table, pl.Series]:
    """Set aside the turns of speakers who are not named or not known, where that is asked for."""
    if context.sides.set_aside is None:
        return table, names
    distinct = names.unique().drop_nulls()
    known = pl.Series([meanings.meaning(name) is not None for name in distinct], dtype=pl.Boolean)
    unknown = ~names.is_in(distinct.filter(known).implode()).fill_null(value=False)
    unknown &= _by_session(table.frame, names, context).is_null()
    nameless = names.is_null() & (context.options.unnamed != "leave-out")
    kept = without(table, nameless, "role_missing", context)
    unknown &= names.is_not_null()
    kept = without(kept, unknown.filter(~nameless), "role_unknown", context)
    return kept, names.filter(~(nameless | unknown))


def _by_session(frame: pl.DataFrame, names: pl.Series, context: Context) -> pl.Series:
    """Give the roles that are known for one session only, from the roles file or guessed; null elsewhere."""
    sides = context.sides.roles
    if not context.guessed and (sides is None or not sides.by_session):
        return pl.Series(schema.ROLE, [None], dtype=pl.String).new_from_index(0, len(names))
    pairs = pl.DataFrame({"session": frame[schema.SESSION_ID].cast(pl.String), "name": names})
    distinct = pairs.unique()
    found = [_role_in(session, name, context) for session, name in distinct.iter_rows()]
    known = distinct.with_columns(pl.Series(schema.ROLE, found, dtype=pl.String))
    on = ["session", "name"]
    return pairs.join(known, on=on, how="left", maintain_order="left", nulls_equal=True)[schema.ROLE]


def _role_in(session: str, name: str | None, context: Context) -> str | None:
    if name is None:
        return None
    sides = context.sides.roles
    in_file = {} if sides is None else sides.of_session(session)
    return in_file.get(exact(name)) or context.guessed.get(session, {}).get(exact(name))


def _left_out(names: pl.Series, meanings: Naming, context: Context) -> pl.Series:
    distinct = names.unique().drop_nulls()
    # With its type: a piece of problems only has no name.
    meant = pl.Series([meanings.meaning(name) == LEAVE_OUT for name in distinct], dtype=pl.Boolean)
    found = distinct.filter(meant)
    out = names.is_in(found.implode()).fill_null(value=False)
    return out | names.is_null() if context.options.unnamed == "leave-out" else out


def _filled(frame: pl.DataFrame, names: pl.Series, last: dict[object, str]) -> pl.Series:
    sessions = frame[schema.SESSION_ID]
    named_turns = frame.select(schema.SESSION_ID, names.alias(SPEAKER))
    filled = named_turns.select(pl.col(SPEAKER).forward_fill().over(schema.SESSION_ID)).to_series()
    if filled.null_count():
        filled = pl.Series(
            SPEAKER,
            [last.get(session) if name is None else name for session, name in zip(sessions, filled, strict=True)],
            dtype=pl.String,
        )
    last.update(zip(sessions, filled, strict=True))
    return filled
