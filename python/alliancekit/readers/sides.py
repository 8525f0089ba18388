"""What holds for all files of a call: its side tables, read once, and what shows only when every file is read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from alliancekit.errors import ParameterError
from alliancekit.readers.metadata import KEY, Metadata, read_metadata
from alliancekit.readers.presence import Presence
from alliancekit.readers.pseudonyms import read_key
from alliancekit.readers.roles_file import RolesFile, read_roles_file
from alliancekit.readers.shown import Shown

if TYPE_CHECKING:
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.set_aside import SetAside


@dataclass(slots=True)
class Sides:
    """What is read beside the transcripts, and what is known of all of them.

    Attributes:
        files: the side tables themselves, which are no transcripts where they lie in a folder of such.
        shown: what sessions, speakers and files are called.
        metadata: labels of sessions.
        roles: who is who.
        presence: which roles the sessions have.
        set_aside: takes rows that no turn can be made of; None refuses them.
        spool: folder on the disk where packed files are unpacked; None is the system's for temporary files.

    """

    files: tuple[Path, ...] = ()
    shown: Shown = field(default_factory=Shown)
    metadata: Metadata | None = None
    roles: RolesFile | None = None
    presence: Presence = field(default_factory=Presence)
    set_aside: SetAside | None = None
    spool: Path | None = None

    def of_files(self, options: ReadOptions) -> ReadOptions:
        """Give the options for transcripts: what the mapping found in the metadata is not looked for in them."""
        if self.metadata is None or not self.metadata.mapped:
            return options
        columns = {name: column for name, column in options.columns.items() if name not in self.metadata.mapped}
        return replace(options, columns=columns)

    def problems(self) -> tuple[Problem, ...]:
        """Say what shows only when every file is read."""
        metadata = () if self.metadata is None else self.metadata.problems(self.shown)
        roles = () if self.roles is None else self.roles.problems(self.shown)
        return (*self.presence.problems(self.shown), *metadata, *roles)


def read_sides(options: ReadOptions) -> Sides:
    """Read the side tables that the options name.

    Raises:
        FileAccessError, DataError, ParameterError: one cannot be read or understood.

    """
    if options.metadata_id is not None and options.metadata is None:
        raise ParameterError("metadata_id names a column of the metadata, and there is none: metadata=FILE is missing.")
    named = (options.metadata, options.roles_file, options.pseudonymise)
    metadata, roles = read_metadata(options), read_roles_file(options)
    known = {*(() if metadata is None else metadata.labels[KEY]), *(() if roles is None else roles.entries)}
    return Sides(
        files=tuple(Path(path) for path in named if path is not None),
        shown=Shown(None if options.pseudonymise is None else read_key(options.pseudonymise), known),
        metadata=metadata,
        roles=roles,
    )
