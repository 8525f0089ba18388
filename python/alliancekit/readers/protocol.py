"""What every reader takes and gives: options in, batches of canonical turns and their problems out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from alliancekit.columns import check_mapping
from alliancekit.errors import ParameterError
from alliancekit.roles import check_roles

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    import polars as pl

Severity = Literal["note", "warning"]
"""A `note` says what was assumed; a `warning`, what may be wrong with the data. An error is raised."""


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How files are read; the same for all files of a call.

    Attributes:
        columns: canonical name → name in the data, e.g. ``{"text": "utterance_text"}``.
        roles: name in the data → `patient` or `therapist`, e.g. ``{"SPEAKER_00": "therapist"}``.
        separator: one character between the columns of a text file; None is the comma of a CSV, the tab of a TSV.
        batch_rows: the most rows a batch has.

    >>> ReadOptions(columns={"text": "utterance_text"}).batch_rows
    65536
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)
    separator: str | None = None
    batch_rows: int = 65_536

    def __post_init__(self) -> None:
        """Refuse what no file could be read with, before any file is opened."""
        check_mapping(self.columns)
        check_roles(self.roles)
        if self.separator is not None and (len(self.separator) != 1 or not self.separator.isascii()):
            raise ParameterError("separator is one ASCII character, such as ';'.")
        if self.batch_rows < 1:
            raise ParameterError(f"batch_rows is at least 1, not {self.batch_rows}.")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the reader assumed or found; it never holds a transcript's text.

    Attributes:
        path: the file.
        row: 1-based data row (the header is not counted; in JSONL, blank lines neither); None: the whole file.
        column: name of the column, or None.
        code: a word for programs, e.g. ``turn_index_from_order``.
        message: a sentence for people.
        severity: `note` or `warning`.

    >>> from pathlib import Path
    >>> str(Problem(Path("a.csv"), 3, None, "short_row", "1 row has fewer fields than the header."))
    'a.csv, row 3: 1 row has fewer fields than the header.'
    """

    path: Path
    row: int | None
    column: str | None
    code: str
    message: str
    severity: Severity = "note"

    def __str__(self) -> str:
        where = str(self.path) if self.row is None else f"{self.path}, row {self.row}"
        return f"{where}: {self.message}"


@dataclass(frozen=True, slots=True)
class Table:
    """A piece of a file as it was parsed, with the file's own column names.

    Attributes:
        frame: rows in the file's order.
        rows: 1-based data row of the file for each of them (UInt32).
        problems: what parsing found.

    """

    frame: pl.DataFrame
    rows: pl.Series
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Batch:
    """A piece of a file in canonical form.

    Attributes:
        turns: canonical turn table, rows in the file's order.
        rows: 1-based data row of the file for each turn (UInt32).
        problems: what was assumed or found in this piece.

    """

    turns: pl.DataFrame
    rows: pl.Series
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of file: its name, the suffixes that it goes by, and how its tables are parsed.

    Attributes:
        name: as people say it, e.g. ``CSV``.
        suffixes: in lower case, with the dot.
        description: one phrase for help and documentation.
        tables: parses a file piece by piece; raises `DataError` for a file that cannot be understood.

    """

    name: str
    suffixes: tuple[str, ...]
    description: str
    tables: Callable[[Path, ReadOptions], Iterator[Table]]
