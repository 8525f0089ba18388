"""How each speaker of a session talks: turns, turns that ask, words. What a guess of roles rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from alliancekit import schema
from alliancekit.columns import rename
from alliancekit.readers.steps.speakers import speaker_names
from alliancekit.roles import exact
from alliancekit.turns import canonical_keys_and_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.protocol import Table
    from alliancekit.readers.steps.context import Context

ASKS: Final = (
    r"(?i)^\W*(?:and |so |but |well |okay |ok |um |uh )*(?:(?:what|how|why|when|where|which|who)\b"
    r"|(?:do|did|does|are|is|was|were|have|has|can|could|would|will|should)(?:n't)? "
    r"(?:you|it|that|there|he|she|they|we)\b)"
)
"""A turn that begins as questions do, for transcripts without question marks."""


class Talk(NamedTuple):
    """What one speaker said in one session, in numbers.

    Attributes:
        name: as it stands first.
        turns: how many.
        asking: turns with a question mark; where the session has none, those that begin as questions do.
        words: runs of characters between white space.

    """

    name: str
    turns: int
    asking: int
    words: int

    @property
    def rate(self) -> float:
        """Share of the turns that ask."""
        return self.asking / self.turns


def talks_of(tables: Iterator[Table], context: Context) -> dict[str, list[Talk]]:
    """Count the talk of each named speaker of each session; null and blank turns count as turns.

    Args:
        tables: the file with canonical columns and keys, roles still names.
        context: how names are read.

    """
    last: dict[object, str] = {}
    pieces = [_counted(table, last, context) for table in tables]
    if not pieces:
        return {}
    summed = (
        pl.concat(pieces)
        .group_by("session", "folded", maintain_order=True)
        .agg(pl.col("name").first(), pl.col("turns", "marks", "openings", "words").sum())
    )
    sessions: dict[str, list[tuple[str, int, int, int, int]]] = {}
    for session, _, *counts in summed.iter_rows():
        sessions.setdefault(session, []).append(tuple(counts))
    return {session: _talks(rows) for session, rows in sessions.items()}


def _counted(table: Table, last: dict[object, str], context: Context) -> pl.DataFrame:
    place = context.place(table)
    frame = rename(table.frame, {}, require=tuple(schema.REQUIRED_COLUMNS), place=place)
    frame = canonical_keys_and_text(frame, place)
    names = speaker_names(frame, last, table, context)
    text = frame[schema.TEXT].fill_null("")
    counted = pl.DataFrame(
        {
            "session": frame[schema.SESSION_ID].cast(pl.String),
            "name": names,
            "marks": text.str.contains("?", literal=True),
            "openings": text.str.contains(ASKS),
            "words": text.str.count_matches(r"\S+"),
        }
    ).filter(names.is_not_null())
    distinct = counted["name"].unique()
    folded = pl.Series([exact(name) for name in distinct], dtype=pl.String)
    return (
        counted.with_columns(counted["name"].replace_strict(distinct, folded, return_dtype=pl.String).alias("folded"))
        .group_by("session", "folded", maintain_order=True)
        .agg(pl.col("name").first(), pl.len().alias("turns"), pl.col("marks", "openings", "words").sum())
    )


def _talks(rows: list[tuple[str, int, int, int, int]]) -> list[Talk]:
    marked = any(marks for _, _, marks, _, _ in rows)
    return [Talk(name, turns, marks if marked else openings, words) for name, turns, marks, openings, words in rows]
