"""The table of who is who: a row per speaker of a file, or of a session."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.labels import nearest, quoted
from alliancekit.readers.problem import Problem
from alliancekit.readers.side_table import as_ids, side_table
from alliancekit.readers.steps.naming import LEAVE_OUT
from alliancekit.roles import exact, known_role, loose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.shown import Shown

FILE: Final = "file"
SPEAKER: Final = "speaker"


@dataclass(slots=True)
class RolesFile:
    """Who is who, and which rows were of use.

    Attributes:
        path: the file.
        by_session: whether `entries` are of sessions, not of files.
        entries: file or session → folded name of a speaker → `patient`, `therapist` or `LEAVE_OUT`.
        first_rows: file or session → the 1-based number of its first row.
        used: the files or sessions that were met.

    """

    path: Path
    by_session: bool
    entries: Mapping[str, Mapping[str, str]]
    first_rows: Mapping[str, int]
    used: set[str] = field(default_factory=set)

    def of_file(self, path: Path, name: str) -> dict[str, str]:
        """Give the roles of a file's speakers; `name` is that of the session that it would be."""
        found: dict[str, str] = {}
        for entry, roles in () if self.by_session else self.entries.items():
            if _is_of(entry, path, name):
                self.used.add(entry)
                found |= roles
        return found

    def of_session(self, session: str) -> Mapping[str, str]:
        """Give the roles of a session's speakers."""
        if not self.by_session or session not in self.entries:
            return {}
        self.used.add(session)
        return self.entries[session]

    def problems(self, shown: Shown) -> Iterator[Problem]:
        """Say which rows were of no use; to be called when all files are read."""
        unused = [entry for entry in self.entries if entry not in self.used]
        if unused:
            kind = "sessions" if self.by_session else "files"
            message = f"{len(unused)} of the {len(self.entries)} {kind} in this table not met: {shown.ids(unused)}."
            yield Problem(self.path, self.first_rows[unused[0]], None, "roles_file_unused", message, "warning")


def read_roles_file(options: ReadOptions) -> RolesFile | None:
    """Read the table that the options name; None where they name none.

    Raises:
        ColumnError: a column is missing.
        DataError: a cell is empty, a role is none, or a speaker has two.

    """
    if options.roles_file is None:
        return None
    table = side_table(options.roles_file, options, id_column=schema.SESSION_ID)
    by_session = schema.SESSION_ID in table.frame.columns
    where = schema.SESSION_ID if by_session else FILE
    advice = "The table has a row per speaker: file (or session_id), speaker, role."
    keys, speakers, roles = (as_ids(table.column(name, advice)) for name in (where, SPEAKER, schema.ROLE))
    entries: dict[str, dict[str, str]] = {}
    first_rows: dict[str, int] = {}
    for position, (key, speaker, role) in enumerate(zip(keys, speakers, roles, strict=True)):
        place = f"{table.path}: row {table.rows[position]}"
        if key is None or speaker is None:
            raise DataError(f"{place}: a cell of {quoted(where)} or 'speaker' is empty. Fill it in, or drop the row.")
        _enter(entries.setdefault(key, {}), speaker, _role(role, place), place)
        first_rows.setdefault(key, table.rows[position])
    return RolesFile(table.path, by_session, entries, first_rows)


def _enter(roles: dict[str, str], speaker: str, role: str, place: str) -> None:
    if roles.setdefault(exact(speaker), role) != role:
        raise DataError(f"{place}: this speaker has another role in a row above. Leave one of the two out.")


def _role(cell: str | None, place: str) -> str:
    role = known_role(cell or "")
    if role is not None:
        return role
    if cell is not None and {exact(cell), loose(cell)} & {LEAVE_OUT, *schema.LEFT_OUT_NAMES}:
        return LEAVE_OUT
    near = nearest(cell or "", (*schema.ROLES, LEAVE_OUT)) if cell else None
    hint = f" Did you mean '{near}'?" if near else ""
    raise DataError(f"{place}: 'role' is none of patient, therapist and {LEAVE_OUT}.{hint}")


def _is_of(entry: str, path: Path, name: str) -> bool:
    wanted = entry.replace("\\", "/")
    names = (path.name, path.stem, name, name + path.suffix)
    return (
        wanted in names
        or path.as_posix().endswith(f"/{wanted}")
        or path.with_suffix("").as_posix().endswith(f"/{wanted}")
    )
