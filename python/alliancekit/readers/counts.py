"""What a file holds, counted batch by batch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from alliancekit import schema
from alliancekit.labels import counted
from alliancekit.readers.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import TypeAlias

    from alliancekit.readers.protocol import Batch

    OverLimit: TypeAlias = Callable[[pl.Series], pl.Series]
    """Tells of each text whether it has more tokens than the model reads."""

QUANTILES: Final = {"median": 0.5, "p95": 0.95, "longest": 1.0}


@dataclass(slots=True)
class Counts:
    """What a file holds, or several together.

    Attributes:
        path: what the file is called in outputs; None for several.
        format: the format's name.
        failed: whether reading ended with an error, so that the counts are of the turns before it.
        sessions: their ids.
        turns: role → number of turns.
        blank: turns without a text.
        words: turns by their number of words.
        over_limit: turns with more tokens than the model reads; None where they were not counted.
        first_over_limit: row of the first of them.

    """

    path: Path | None = None
    format: str = ""
    failed: bool = False
    sessions: set[str] = field(default_factory=set)
    turns: Counter[str] = field(default_factory=lambda: Counter(dict.fromkeys(schema.ROLES, 0)))
    blank: int = 0
    words: Counter[int] = field(default_factory=Counter)
    over_limit: int | None = None
    first_over_limit: int | None = None
    unit: str = "row"

    @property
    def n_turns(self) -> int:
        """Turns of both roles."""
        return sum(self.turns.values())

    def lengths(self) -> dict[str, int | None]:
        """Give median, 95th percentile and maximum of a turn's words, blank turns aside; None without turns."""
        total = sum(self.words.values())
        found: dict[str, int | None] = dict.fromkeys(QUANTILES)
        before = 0
        for words in sorted(self.words):
            before += self.words[words]
            for name, share in QUANTILES.items():
                if found[name] is None and before >= share * total:
                    found[name] = words
        return found

    def add(self, batch: Batch, over_limit: OverLimit | None) -> None:
        """Count a batch."""
        turns, text = batch.turns, batch.turns[schema.TEXT]
        self.unit = batch.unit
        self.sessions.update(turns[schema.SESSION_ID].cast(pl.String).unique())
        self.turns.update(_times(turns[schema.ROLE]))
        words = text.fill_null("").str.count_matches(r"\S+")
        self.blank += int((words == 0).sum())
        self.words.update(_times(words.filter(words > 0)))
        if over_limit is not None:
            over = over_limit(text)
            self.over_limit = (self.over_limit or 0) + int(over.sum())
            if self.first_over_limit is None and over.any():
                self.first_over_limit = int(batch.rows.filter(over)[0])

    def merge(self, other: Counts) -> None:
        """Add another file's counts."""
        self.sessions |= other.sessions
        self.blank += other.blank
        self.turns.update(other.turns)
        self.words.update(other.words)
        if other.over_limit is not None:
            self.over_limit = (self.over_limit or 0) + other.over_limit

    def problems(self, limit: int | None) -> Iterator[Problem]:
        """Say what the counts show."""
        if self.path is None:
            return
        if self.blank:
            message = f"{counted(self.blank, 'turn')} without a text: scores there will be empty."
            yield Problem(self.path, None, schema.TEXT, "blank_turns", message, unit=self.unit)
        if self.over_limit:
            message = (
                f"{counted(self.over_limit, 'turn')}, this one first, of more than the {limit} tokens that the model "
                "reads: what comes after them is not scored."
            )
            yield Problem(
                self.path, self.first_over_limit, schema.TEXT, "over_limit", message, "warning", unit=self.unit
            )


def _times(values: pl.Series) -> dict[Any, int]:
    return dict(values.value_counts(name="n").iter_rows())
