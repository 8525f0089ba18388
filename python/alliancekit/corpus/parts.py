"""Scored turns in, parts out: where a part ends depends on the rows alone, whatever comes in one piece."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.turns import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MOST_BYTES: Final = 64 << 20
"""Bytes of strings after which a part ends with the session, however few turns it has."""

HARD_FACTOR: Final = 4
"""A part ends within a session at so many times the turns or bytes after which it should end with one."""

FILE: Final = "\0file"
ROW: Final = "\0row"
"""Where a turn was read: number of the file, and number in it; no file can have columns of such names."""

Bad = tuple[int, int | None, str, str | None]
"""Number of the file, number in it, reason code, and a sentence where the code does not say it all."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A piece of the input, in order.

    Attributes:
        turns: scored turns, with the columns `FILE` and `ROW`.
        bad: rows before them that were quarantined while reading.

    """

    turns: pl.DataFrame
    bad: tuple[Bad, ...] = ()


@dataclass(slots=True)
class Part:
    """Turns and quarantined rows of one shard.

    Attributes:
        turns: scored turns, without the columns `FILE` and `ROW`; no columns where there are no turns.
        bad: rows that were quarantined.
        taken: turns of the input that are done with this part, of all parts until now.
        aside: rows quarantined while reading, of all parts until now.

    """

    turns: pl.DataFrame
    bad: list[Bad]
    taken: int
    aside: int


@dataclass(slots=True)
class PartBuilder:
    """Gathers pieces until a part is full.

    Args:
        shard_turns: turns after which a part ends with the session.
        taken: turns of the input that earlier parts have done.
        aside: rows quarantined while reading that earlier parts have done.

    """

    shard_turns: int
    taken: int = 0
    aside: int = 0
    _pieces: list[pl.DataFrame] = field(default_factory=list)
    _bad: list[Bad] = field(default_factory=list)
    _rows: int = 0
    _bytes: int = 0
    _session: object = None

    def add(self, scored: Scored) -> Iterator[Part]:
        """Take a piece, and give the parts that are full before its end."""
        self._bad.extend(scored.bad)
        self._rows += len(scored.bad)
        rest, sizes = scored.turns, string_bytes(scored.turns)
        while rest.height:
            cut = self._cut(rest, sizes)
            self._take(rest[:cut], sizes[:cut])
            rest, sizes = rest[cut:], sizes[cut:]
            if rest.height:
                yield self._part()

    def last(self) -> Iterator[Part]:
        """Give the last part, if anything is left for it."""
        if self._pieces or self._bad:
            yield self._part()

    def _cut(self, turns: pl.DataFrame, sizes: NDArray[np.int64]) -> int:
        """Give the first row that belongs to the next part; the height where all belong to this one."""
        sessions = turns[schema.SESSION_ID].cast(pl.String)
        begins = (sessions != sessions.shift(fill_value=self._last_session(sessions))).to_numpy()
        rows = self._rows + np.arange(turns.height)
        size = self._bytes + np.cumsum(sizes) - sizes
        full = (rows >= self.shard_turns) | (size >= MOST_BYTES)
        over = (rows >= HARD_FACTOR * self.shard_turns) | (size >= HARD_FACTOR * MOST_BYTES)
        ends = (full & begins) | over
        # A part has at least one row, however large.
        ends[0] = ends[0] and bool(self._pieces)
        return int(ends.argmax()) if ends.any() else turns.height

    def _last_session(self, sessions: pl.Series) -> str:
        return str(sessions[0] if self._session is None else self._session)

    def _take(self, turns: pl.DataFrame, sizes: NDArray[np.int64]) -> None:
        if turns.height:
            self._pieces.append(turns)
            self._rows += turns.height
            self._bytes += int(sizes.sum())
            self._session = turns[schema.SESSION_ID][-1]

    def _part(self) -> Part:
        turns = pl.concat(self._pieces, how="diagonal_relaxed") if self._pieces else pl.DataFrame()
        self.taken += turns.height
        self.aside += len(self._bad)
        turns, repeated = _without_repeated(turns)
        part = Part(turns, [*self._bad, *repeated], self.taken, self.aside)
        self._pieces, self._bad, self._rows, self._bytes = [], [], 0, 0
        return part


def string_bytes(turns: pl.DataFrame) -> NDArray[np.int64]:
    """Give the bytes of strings in each row.

    >>> string_bytes(pl.DataFrame({"a": ["ab", None], "b": ["c", "é"], "n": [1, 2]})).tolist()
    [3, 2]

    """
    strings = [name for name, dtype in turns.schema.items() if dtype == pl.String]
    total = np.zeros(turns.height, dtype=np.int64)
    for name in strings:
        total += turns[name].str.len_bytes().fill_null(0).cast(pl.Int64).to_numpy()
    return total


def _without_repeated(turns: pl.DataFrame) -> tuple[pl.DataFrame, list[Bad]]:
    """Take out turns that stand before in the same part, and the columns that say where they were read."""
    if not turns.width:
        return turns, []
    first = turns.select(pl.struct(KEY).is_first_distinct()).to_series()
    again = turns.filter(~first).select(FILE, ROW)
    repeated: list[Bad] = [(file, row, "repeated_turn", None) for file, row in again.iter_rows()]
    return turns.filter(first).drop(FILE, ROW), repeated
