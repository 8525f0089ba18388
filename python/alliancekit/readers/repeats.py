"""Turns that stand twice, and sessions that are there under two ids, over all files."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.labels import counted
from alliancekit.readers.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.protocol import Batch

FEWEST_TURNS: Final = 4
"""Sessions of fewer turns may be alike by chance."""


@dataclass(slots=True)
class Repeats:
    """Keeps two hashes of 64 bits a turn, of its key and of what was said, and no text.

    Attributes:
        pieces: a row per turn.
        paths: what the files are called, by their number in `pieces`.
        units: what their rows count.

    """

    pieces: list[pl.DataFrame] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    units: list[str] = field(default_factory=list)

    def add(self, batch: Batch, path: Path) -> None:
        """Take down a batch's turns."""
        if not self.paths or self.paths[-1] != path:
            self.paths.append(path)
            self.units.append(batch.unit)
        session = pl.col(schema.SESSION_ID).cast(pl.String)
        index = pl.col(schema.TURN_INDEX).cast(pl.Int64)
        self.pieces.append(
            batch.turns.select(
                session=session,
                index=index,
                key=pl.struct(session, index).hash(),
                said=pl.struct(schema.ROLE, schema.TEXT).hash(),
                file=pl.lit(len(self.paths) - 1, dtype=pl.UInt32),
                row=batch.rows,
            )
        )

    def problems(self) -> Iterator[Problem]:
        """Say which turns and sessions are there twice; when all files are read."""
        if self.pieces:
            turns = pl.concat(self.pieces)
            yield from self._turns(turns)
            yield from self._sessions(turns.unique("key", keep="first", maintain_order=True))

    def _turns(self, turns: pl.DataFrame) -> Iterator[Problem]:
        again = turns.filter(~pl.col("key").is_first_distinct())
        for file, rows in again.group_by("file", maintain_order=True):
            number = int(str(file[0]))
            first = turns.filter(pl.col("key") == rows["key"][0]).row(0, named=True)
            message = (
                f"{counted(rows.height, 'turn')}, this one first, whose session_id and turn_index are there before, "
                f"this one's in {self.paths[first['file']]}, {self.units[first['file']]} {first['row']}."
            )
            yield Problem(
                self.paths[number],
                rows["row"][0],
                schema.TURN_INDEX,
                "repeated_turn",
                message,
                "error",
                self.units[number],
            )

    def _sessions(self, turns: pl.DataFrame) -> Iterator[Problem]:
        ordered = turns.sort("session", "index").with_columns(
            place=pl.int_range(pl.len(), dtype=pl.UInt32).over("session")
        )
        sessions = (
            ordered.with_columns(mark=pl.struct("place", "said").hash() // 2**16)
            .group_by("session", maintain_order=True)
            .agg(pl.len().alias("turns"), pl.col("mark").sum(), pl.col("file").first())
            .filter(pl.col("turns") >= FEWEST_TURNS)
        )
        alike = sessions.filter(pl.struct("turns", "mark").is_duplicated())
        for _, group in alike.group_by("turns", "mark", maintain_order=True):
            file = group["file"][-1]
            message = (
                f"{counted(group.height, 'session')} of the same {group['turns'][0]} turns, word for word, under "
                f"different ids; the first is in {self.paths[group['file'][0]]}."
            )
            yield Problem(self.paths[file], None, schema.SESSION_ID, "repeated_session", message, "warning")
