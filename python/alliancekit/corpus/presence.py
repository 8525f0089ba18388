"""Which roles sessions have, as far as memory that does not grow allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alliancekit.readers.presence import Presence
from alliancekit.readers.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import polars as pl

    from alliancekit.readers.shown import Shown

MOST_SESSIONS: Final = 100_000


@dataclass(slots=True)
class BoundedPresence(Presence):
    """Gives up after `MOST_SESSIONS`, and says so if speakers were left out.

    Attributes:
        given_up: the file in which it gave up.

    """

    given_up: Path | None = None

    def has(self, sessions: pl.Series, roles: pl.Series, path: Path) -> None:
        """Take down which roles these turns have, unless there are too many sessions."""
        if self.given_up is None:
            # By name: a dataclass with slots is another class than the one that `super()` knows.
            super(BoundedPresence, self).has(sessions, roles, path)
            self._give_up_if_large(path)

    def lacks(self, sessions: pl.Series, names: pl.Series, path: Path) -> None:
        """Take down whose turns were left out; only that there are any, after too many sessions."""
        if self.given_up is None:
            super(BoundedPresence, self).lacks(sessions, names, path)
            self._give_up_if_large(path)
        elif len(sessions) and not self.left_out:
            self.left_out[str(sessions[0])] = {}

    def problems(self, shown: Shown) -> Iterator[Problem]:
        """Say which sessions have lost a role, or that this was not looked for."""
        if self.given_up is None:
            yield from super(BoundedPresence, self).problems(shown)
        elif self.left_out:
            message = (
                f"Speakers were left out, and there are more than {MOST_SESSIONS:,} sessions: whether one has lost its "
                "patient or therapist was not looked for. `alliance check` does that."
            )
            yield Problem(self.given_up, None, None, "presence_not_checked", message, "warning")

    def _give_up_if_large(self, path: Path) -> None:
        if max(len(self.seen), len(self.left_out)) > MOST_SESSIONS:
            self.given_up = path
            self.seen.clear()
            for known in list(self.left_out)[1:]:
                del self.left_out[known]
                self.files.pop(known, None)
