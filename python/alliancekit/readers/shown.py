"""What problems and outputs call sessions, speakers and files: names, or pseudonyms where those are asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.labels import described, quoted
from alliancekit.roles import exact, known_role, loose

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from alliancekit.errors import AllianceError
    from alliancekit.readers.pseudonyms import Pseudonyms

LISTED: Final = 3
UNHIDDEN: Final = "(The file's own name is shown without pseudonymise, on the command line --pseudonymise.)"


@dataclass(frozen=True, slots=True)
class Shown:
    """Names things in messages.

    Attributes:
        pseudonyms: makes them; None shows names as they are.
        known: ids that come from files' names or side tables. Another id without a digit may be a piece of a
            transcript, the wrong column being mapped.

    >>> Shown().ids(["s1", "s2", "s3", "s4"]), Shown().id("Yes")
    ("'s1', 's2', 's3' and 1 more", '(3 characters, not shown)')
    """

    pseudonyms: Pseudonyms | None = None
    known: set[str] = field(default_factory=set)

    def id(self, session: str) -> str:
        """Name a session by its id."""
        if self.pseudonyms is not None:
            return self.pseudonyms.of("session", session)
        is_id = session in self.known or any(mark.isdecimal() for mark in session)
        return quoted(session) if is_id else described(session)

    def ids(self, sessions: Sequence[str]) -> str:
        """Name the first sessions, and say how many more there are."""
        first = ", ".join(self.id(session) for session in sessions[:LISTED])
        rest = len(sessions) - LISTED
        return f"{first} and {rest} more" if rest > 0 else first

    def name(self, speaker: str | None) -> str:
        """Name a speaker; a name that is not one of roles, such as ``observer``, may be a person's."""
        if speaker is None:
            return "not named"
        generic = known_role(speaker) or {exact(speaker), loose(speaker)} & schema.LEFT_OUT_NAMES
        return quoted(speaker) if self.pseudonyms is None or generic else "(a name, not shown)"

    def error(self, error: AllianceError, path: Path, name: str) -> AllianceError:
        """Give an error of a file as it may be shown: with a key it names the file as outputs do.

        Args:
            error: whose message has the file's path.
            path: the file.
            name: that of the session that it would be.

        """
        message = str(error)
        if self.pseudonyms is None or str(path) not in message:
            return error
        hidden = message.replace(str(path), str(self.path(path, name)))
        return type(error)(f"{hidden} {UNHIDDEN}")

    def path(self, path: Path, name: str) -> Path:
        """Name a file; `name` is that of the session that it would be."""
        return path if self.pseudonyms is None else self.pseudonyms.path(path, name)
