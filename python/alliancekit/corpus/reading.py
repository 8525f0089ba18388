"""The input, batch by batch: turns with their places, bad rows named, and what is done already left out."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.corpus.parts import FILE, ROW
from alliancekit.corpus.presence import BoundedPresence
from alliancekit.errors import DataError
from alliancekit.readers import ReadOptions, batches
from alliancekit.readers.set_aside import SetAside
from alliancekit.readers.sides import read_sides

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from alliancekit.corpus.hashes import Hashed
    from alliancekit.corpus.parts import Bad
    from alliancekit.readers import Batch, Problem
    from alliancekit.readers.scanning import Found

BATCH_ROWS: Final = 16_384
"""Turns that are read and scored at a time; the batches of the encoder are made from that many texts."""


@dataclass(frozen=True, slots=True)
class Piece:
    """What was read at a time.

    Attributes:
        turns: canonical turns, with the columns `FILE` and `ROW`.
        bad: rows before them that were set aside.
        file: number of the file.
        read: turns read of this file until now.
        last: whether the file ends with this piece.

    """

    turns: pl.DataFrame
    bad: tuple[Bad, ...]
    file: int
    read: int
    last: bool = False


@dataclass(slots=True)
class ProblemTally:
    """The first problem of each kind, and how many there are: their number may grow with the corpus.

    Attributes:
        first: (severity, code) → the first of them.
        counts: (severity, code) → how many.
        tell: called with the first of each kind.

    """

    tell: Callable[[Problem], object] = lambda _: None
    first: dict[tuple[str, str], Problem] = field(default_factory=dict)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, problems: Sequence[Problem]) -> None:
        """Take down problems."""
        for problem in problems:
            kind = (problem.severity, problem.code)
            self.counts[kind] += 1
            if kind not in self.first:
                self.first[kind] = problem
                self.tell(problem)


@dataclass(slots=True)
class CorpusReader:
    """Reads all files of a run.

    Args:
        found: the files, and how they are read.
        hashed: what they were when they were hashed.
        strict: whether the first bad row is an error.
        problems: takes down what the readers say.
        spool: folder where packed files are unpacked.

    """

    found: Found
    hashed: Sequence[Hashed]
    strict: bool
    problems: ProblemTally
    spool: Path

    def pieces(self) -> Iterator[Piece]:
        """Give the turns of all files, in order.

        Raises:
            DataError: the first file gives no turns, or a row is bad and the run is strict.
            FileAccessError: a file cannot be opened.
            IntegrityError: a file is not what was hashed.

        """
        self.problems.add(self.found.problems)
        self.found.sides.set_aside = None if self.strict else SetAside()
        self.found.sides.spool = self.spool
        self.found.sides.presence = BoundedPresence()
        for number, path in enumerate(self.found.files):
            yield from self._file(number, path)
            self.hashed[number].refuse_change()
        self.problems.add(self.found.sides.problems())

    def _file(self, number: int, path: Path) -> Iterator[Piece]:
        read, bad = 0, 0
        piece = Piece(pl.DataFrame(), (), number, 0, last=True)
        try:
            for batch in batches(path, self.found.options[path], sides=self.found.sides):
                self.problems.add(batch.problems)
                read += batch.turns.height
                piece = self._piece(number, batch, read)
                bad += len(piece.bad)
                yield piece
        except DataError as error:
            if self.strict or (number == 0 and read == 0):
                raise
            message = self._shown(str(error), path)
            yield Piece(pl.DataFrame(), (*self._aside(number), (number, None, "unreadable", message)), number, read)
        if number == 0 and read == 0:
            self._refuse_first(path, bad)
        yield Piece(piece.turns.clear(), self._aside(number), number, read, last=True)

    def _piece(self, number: int, batch: Batch, read: int) -> Piece:
        where = [pl.lit(number, dtype=pl.UInt32).alias(FILE), batch.rows.cast(pl.UInt32).alias(ROW)]
        return Piece(batch.turns.with_columns(where), self._aside(number), number, read)

    def _aside(self, number: int) -> tuple[Bad, ...]:
        aside = self.found.sides.set_aside
        rows = () if aside is None else aside.take().iter_rows()
        return tuple((number, row, reason, None) for row, reason in rows)

    def _shown(self, message: str, path: Path) -> str:
        return message.removeprefix(f"{path}: ").replace(str(path), str(self.found.shown(path)))

    def _refuse_first(self, path: Path, bad: int) -> None:
        """Raise what `read` would, since it says what to do; the mapping is wrong where no row of a file is right."""
        choices = self.found.options[path]
        sides = read_sides(choices)
        sides.spool = self.spool
        for _ in batches(path, choices, sides=sides):
            pass
        raise DataError(f"{path}: none of the {bad} rows of the first file makes a turn.")


@dataclass(slots=True)
class Skip:
    """Leaves out what earlier parts have done.

    Args:
        turns: how many turns.
        bad: how many rows that were set aside.

    """

    turns: int
    bad: int

    @property
    def goes_on(self) -> bool:
        """Whether more is to be left out."""
        return self.turns > 0 or self.bad > 0

    def __call__(self, piece: Piece) -> Piece:
        """Give the piece without what is done."""
        turns, bad = min(self.turns, piece.turns.height), min(self.bad, len(piece.bad))
        self.turns -= turns
        self.bad -= bad
        return Piece(piece.turns[turns:], piece.bad[bad:], piece.file, piece.read, piece.last)


def batch_options(choices: dict[str, object]) -> ReadOptions:
    """Give the options of a run: its own size of a batch, since what is quarantined may depend on it."""
    return ReadOptions(**{**choices, "batch_rows": BATCH_ROWS})  # type: ignore[arg-type] # checked by ReadOptions
