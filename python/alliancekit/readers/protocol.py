"""What a format is to the rest: a file in, tables with the file's own rows out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import polars as pl

    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Problem


@dataclass(frozen=True, slots=True)
class Table:
    """A piece of a file as it was parsed; the steps that follow take and give the same.

    Attributes:
        frame: rows in the file's order; no row where only problems are to be told.
        rows: 1-based number in the file of each of them (UInt32), in the format's unit.
        problems: what was assumed, found or left out in this piece.

    """

    frame: pl.DataFrame
    rows: pl.Series
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """A piece of a file in canonical form.

    Attributes:
        turns: canonical turn table, rows in the file's order; may have no row.
        rows: 1-based number in the file of each turn (UInt32), in the format's unit.
        problems: what was assumed, found or left out in this piece.
        path: the file.
        unit: what `rows` counts.

    """

    turns: pl.DataFrame
    rows: pl.Series
    problems: tuple[Problem, ...]
    path: Path
    unit: str = "row"


def always(_: Head) -> bool:
    """Recognise any content: the suffix alone decides."""
    return True


def never(_: Path) -> bool:
    """Recognise no folder."""
    return False


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name, how it is recognised, and how it is parsed.

    Attributes:
        name: as people say it, e.g. ``CSV``.
        suffixes: in lower case, with the dot.
        description: one phrase for help, documentation, and errors about content that is not recognised.
        tables: parses a file piece by piece; raises `DataError` for a file that cannot be understood.
        sniff: tells by the first bytes whether a file with one of the suffixes is of this format. Of several formats
            with one suffix, the first in the registry that says yes reads it.
        fallback: whether it reads a file with one of its suffixes that is named by itself and that none recognises,
            since its parser says best what is wrong with the content.
        folder: tells whether a folder as a whole is one corpus of this format, which `tables` then gets as its path.
        unit: what `Table.rows` counts: ``row``, ``line``, ``cue``, ``message``, …

    """

    name: str
    suffixes: tuple[str, ...]
    description: str
    tables: Callable[[Path, ReadOptions], Iterator[Table]]
    sniff: Callable[[Head], bool] = always
    fallback: bool = False
    folder: Callable[[Path], bool] = never
    unit: str = "row"

    @property
    def key(self) -> str:
        """The name as an option has it, e.g. ``json-lines``."""
        return self.name.lower().replace(" ", "-").replace(".", "-")
