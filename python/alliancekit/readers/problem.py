"""What a reader assumed, found or left out, for people and for programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

Severity = Literal["note", "warning", "error"]
"""A `note` says what was assumed or chosen; a `warning`, what may be wrong with the data. An `error` is raised; it is a
problem where all files are looked at whatever is wrong with one."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that the reader assumed, found or left out; it never holds a transcript's text.

    Attributes:
        path: the file.
        row: 1-based number of the data row, or of what else `unit` says; None: the whole file.
        column: name of the column, or None.
        code: a word for programs, e.g. ``turn_index_from_order``.
        message: a sentence for people.
        severity: `note`, `warning` or `error`.
        unit: what `row` counts: ``row`` (the header is not counted; in JSON lines, blank lines neither), ``line``,
            ``cue``, ``message``, … (`Format.unit`).

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
    unit: str = "row"

    def __str__(self) -> str:
        where = str(self.path) if self.row is None else f"{self.path}, {self.unit} {self.row}"
        return f"{where}: {self.message}"
