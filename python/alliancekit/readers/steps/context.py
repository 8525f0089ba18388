"""What a step knows beside the tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alliancekit.place import Place
from alliancekit.readers.problem import Problem

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Severity
    from alliancekit.readers.protocol import Table
    from alliancekit.readers.sides import Sides


@dataclass(frozen=True, slots=True)
class Context:
    """The file that the tables come from and how it is to be read.

    Attributes:
        path: the file.
        options: the choices of the call.
        unit: what the tables' rows count (`Format.unit`).
        sides: the side tables of the call: metadata, roles by file, key of the pseudonyms.

    """

    path: Path
    options: ReadOptions
    unit: str
    sides: Sides

    def place(self, table: Table) -> Place:
        """Say where a table is from, for errors."""
        return Place(self.path, table.rows, self.unit)

    def problem(
        self, code: str, message: str, *, row: int | None = None, column: str | None = None, severity: Severity = "note"
    ) -> Problem:
        """Make a problem of this file."""
        return Problem(self.path, row, column, code, message, severity, self.unit)
