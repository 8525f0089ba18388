"""Which roles each session has, over all files of a call: a session may lose a side when speakers are left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import polars as pl

from alliancekit import schema
from alliancekit.labels import counted
from alliancekit.readers.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.shown import Shown

LISTED: Final = 12


class Seen(NamedTuple):
    """The roles of a session, and the first file with a turn of it, as it is shown."""

    roles: frozenset[str]
    path: Path


@dataclass(slots=True)
class Presence:
    """The roles that sessions have, and who was left out of them.

    Attributes:
        seen: session → the roles that have a turn, and the first file with one.
        left_out: session → names of speakers whose turns were left out.
        files: session → the first file with a turn that was left out of it.

    """

    seen: dict[str, Seen] = field(default_factory=dict)
    left_out: dict[str, dict[str | None, None]] = field(default_factory=dict)
    files: dict[str, Path] = field(default_factory=dict)
    _known: dict[Seen, Seen] = field(default_factory=dict)

    def has(self, sessions: pl.Series, roles: pl.Series, path: Path) -> None:
        """Take down which roles these turns have; `path` is how the file is shown."""
        for session, role in _pairs(sessions, roles):
            before = self.seen.get(session, Seen(frozenset(), path))
            after = Seen(before.roles | {role}, before.path)
            # One object for all sessions alike: there may be millions.
            self.seen[session] = self._known.setdefault(after, after)

    def lacks(self, sessions: pl.Series, names: pl.Series, path: Path) -> None:
        """Take down whose turns were left out; `path` is how the file is shown."""
        for session, name in _pairs(sessions, names):
            self.left_out.setdefault(session, {}).setdefault(name)
            self.files.setdefault(session, path)

    def problems(self, shown: Shown) -> Iterator[Problem]:
        """Say which sessions have no turn of a role, turns having been left out; when all files are read."""
        for role in schema.ROLES:
            lost = [session for session in self.left_out if role not in self._roles(session)]
            if lost:
                names = list(dict.fromkeys(shown.name(name) for session in lost for name in self.left_out[session]))
                message = (
                    f"{counted(len(lost), 'session')} without a {role}, after turns of these speakers were left out: "
                    f"{', '.join(names[:LISTED])}. First: {shown.ids(lost)}. If one of them is the {role}, say so "
                    f'with roles={{"NAME": "{role}"}} (command line: --roles NAME={role}).'
                )
                yield Problem(self.files[lost[0]], None, schema.ROLE, f"{role}_left_out", message, "warning")

    def _roles(self, session: str) -> frozenset[str]:
        return self.seen[session].roles if session in self.seen else frozenset()


def _pairs(sessions: pl.Series, values: pl.Series) -> Iterator[tuple[str, str]]:
    pairs = pl.DataFrame({"session": sessions.cast(pl.String), "value": values}).unique(maintain_order=True)
    return pairs.iter_rows()
