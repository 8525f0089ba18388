"""What a step knows beside the tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alliancekit.place import Place
from alliancekit.readers.problem import Problem
from alliancekit.readers.session_names import session_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Severity
    from alliancekit.readers.protocol import Table
    from alliancekit.readers.shown import Shown
    from alliancekit.readers.sides import Sides


@dataclass(frozen=True, slots=True)
class Context:
    """The file that the tables come from and how it is to be read.

    Attributes:
        path: the file.
        options: the choices of the call.
        unit: what the tables' rows count (`Format.unit`).
        sides: what holds for all files of the call: side tables, pseudonyms.
        guessed: session → folded name of a speaker → role, where roles are to be guessed.

    """

    path: Path
    options: ReadOptions
    unit: str
    sides: Sides
    guessed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The name of the session that the file is, if it is one."""
        return session_name(self.path, self.options)

    @property
    def shown(self) -> Shown:
        """What sessions, speakers and files are called in messages."""
        return self.sides.shown

    @property
    def shown_path(self) -> Path:
        """What the file is called in problems and outputs."""
        return self.shown.path(self.path, self.name)

    def place(self, table: Table) -> Place:
        """Say where a table is from, for errors."""
        return Place(self.path, table.rows, self.unit)

    def problem(
        self, code: str, message: str, *, row: int | None = None, column: str | None = None, severity: Severity = "note"
    ) -> Problem:
        """Make a problem of this file."""
        return Problem(self.shown_path, row, column, code, message, severity, self.unit)
