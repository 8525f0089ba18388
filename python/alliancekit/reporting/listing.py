"""Which sessions to look at: the largest shrunken gaps among sessions long enough, in either direction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError
from alliancekit.labels import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_CHARACTERS = 240
"""Of a quoted turn."""


def worth_a_look(sessions: pl.DataFrame, scale: str, *, minimum_turns: int, most: int) -> pl.DataFrame:
    """Give the rows of the session table, the largest gap first.

    Args:
        sessions: result of `alliancekit.sessions`.
        scale: by whose gap.
        minimum_turns: scored turns of each role that a session needs.
        most: sessions at most.

    """
    long_enough = (pl.col("n_patient") >= minimum_turns) & (pl.col("n_therapist") >= minimum_turns)
    return (
        sessions.filter((pl.col(schema.SCALE) == scale) & long_enough & pl.col("gap_shrunken").is_not_null())
        .sort(pl.col("gap_shrunken").abs(), pl.col(schema.SESSION_ID), descending=[True, False])
        .head(most)
        .sort("gap_shrunken", schema.SESSION_ID, descending=[True, False])
    )


def ranking_scale(scales: Sequence[str]) -> str:
    """Give the scale by which sessions are looked up: `total` where there is one, else the first.

    >>> ranking_scale(["task", "total"]), ranking_scale(["warmth", "trust"])
    ('total', 'warmth')

    """
    return schema.TOTAL if schema.TOTAL in scales else scales[0]


def quotations(turns: pl.LazyFrame, ids: Sequence[str], scale: str) -> list[tuple[str, str, int, str]]:
    """Give of each session the patient's turn with the lowest score and the therapist's with the highest.

    Returns:
        Session, role, turn index and the first characters of the text, in order of the sessions given.

    Raises:
        ColumnError: The table has no text.

    """
    if schema.TEXT not in turns.collect_schema():
        raise ColumnError("quotes need the text: score with --keep-text (keep_text=True).")
    mine = turns.filter(pl.col(schema.SESSION_ID).is_in(list(ids)) & pl.col(scale).is_not_null())
    columns = (schema.SESSION_ID, schema.ROLE, schema.TURN_INDEX, scale, schema.TEXT)
    rows = mine.select(*columns).collect().sort(schema.TURN_INDEX)
    found = []
    for session in ids:
        for role, highest in ((schema.PATIENT, False), (schema.THERAPIST, True)):
            part = rows.filter((pl.col(schema.SESSION_ID) == session) & (pl.col(schema.ROLE) == role))
            for row in part.sort(scale, descending=highest, maintain_order=True).head(1).iter_rows(named=True):
                text = printable(row[schema.TEXT])
                cut = text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}…"
                found.append((session, role, int(row[schema.TURN_INDEX]), cut))
    return found
