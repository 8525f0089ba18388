"""Turns of speakers who are neither patient nor therapist are left out, and counted by name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.readers.protocol import Table
from alliancekit.readers.steps.ending import ending
from alliancekit.readers.steps.speakers import SPEAKER

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from alliancekit.readers.problem import Problem
    from alliancekit.readers.steps.context import Context

LISTED: Final = 12


def leave_out(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Take out the turns without a role and the column `SPEAKER`; what was left out is said at the file's end."""
    counts: Counter[str | None] = Counter()
    presence = context.sides.presence
    last: pl.DataFrame | None = None
    for table in tables:
        kept = table.frame[schema.ROLE].is_not_null()
        out = table.frame.filter(~kept)
        counts.update(out[SPEAKER].to_list())
        presence.lacks(out[schema.SESSION_ID], out[SPEAKER], context.shown_path)
        last = table.frame.drop(SPEAKER).filter(kept)
        presence.has(last[schema.SESSION_ID], last[schema.ROLE], context.shown_path)
        yield Table(last, table.rows.filter(kept), table.problems)
    if counts and last is not None:
        yield ending(last, _said(counts, context))


def _said(counts: Counter[str | None], context: Context) -> Problem:
    shown: Counter[str] = Counter()
    for name, n in counts.items():
        shown[context.shown.name(name)] += n
    most = sorted(shown.items(), key=lambda item: (-item[1], item[0]))
    names = ", ".join(f"{name} ({n})" for name, n in most[:LISTED])
    more = f" and {len(most) - LISTED} more names" if len(most) > LISTED else ""
    message = f"Turns of speakers who are neither patient nor therapist were left out: {names}{more}."
    return context.problem("speaker_left_out", message, column=schema.ROLE)
