"""Turns of speakers who are neither patient nor therapist are left out, and counted by name."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.labels import quoted
from alliancekit.readers.protocol import Table
from alliancekit.readers.steps.speakers import SPEAKER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.steps.context import Context


def leave_out(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Take out the turns without a role and the column `SPEAKER`; what was left out is said at the file's end."""
    counts: Counter[str | None] = Counter()
    last: pl.DataFrame | None = None
    for table in tables:
        kept = table.frame[schema.ROLE].is_not_null()
        counts.update(table.frame[SPEAKER].filter(~kept).to_list())
        last = table.frame.drop(SPEAKER).filter(kept)
        yield Table(last, table.rows.filter(kept), table.problems)
    if counts and last is not None:
        names = ", ".join(f"{_shown(name)} ({n})" for name, n in sorted(counts.items(), key=lambda item: str(item[0])))
        message = f"Turns of speakers who are neither patient nor therapist were left out: {names}."
        problem = context.problem("speaker_left_out", message, column=schema.ROLE)
        yield Table(last.clear(), pl.Series([], dtype=pl.UInt32), (problem,))


def _shown(name: str | None) -> str:
    return "not named" if name is None else quoted(name)
