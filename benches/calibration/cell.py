"""A cell: one plan, simulated many times, and what is counted over its corpora."""

from __future__ import annotations

import hashlib
import math
import statistics
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Outcomes = Mapping[str, Iterable[float]]
    """Numbers read off the corpora of one table, one for each corpus."""

    from alliancekit.stats.simulation.plan import SimulationPlan

SEED_BITS = 24
"""Seeds of a cell begin at a multiple of 2^24, so that no two cells share a table."""


@dataclass(frozen=True)
class Cell:
    """One plan and how it is looked at.

    `shown` are the cell's columns in the table, `tests` what is read off, `size` what else the question's code needs.
    A run of N corpora gives the cell N · `share` corpora, or `fixed`, in chunks of `chunk`. So many as `together` are
    simulated in one table, as its scales, which are independent of each other.
    """

    question: str
    shown: Mapping[str, str]
    plan: SimulationPlan
    tests: tuple[str, ...] = ()
    size: float = 0.0
    share: float = 1.0
    fixed: int | None = None
    chunk: int = 100
    together: int = 50

    @property
    def name(self) -> str:
        """What `--only` is matched against."""
        return f"{self.question}: " + ", ".join(f"{key} {value}" for key, value in self.shown.items())

    @property
    def first_seed(self) -> int:
        """Seed of the cell's first table; the others follow."""
        digest = hashlib.sha256(repr(self).encode()).digest()
        return int.from_bytes(digest[:4], "big") << SEED_BITS

    def seeds(self, chunk: int) -> range:
        """Seeds of the tables of a chunk."""
        tables = self.chunk // self.together
        return range(self.first_seed + chunk * tables, self.first_seed + (chunk + 1) * tables)

    def chunks(self, corpora: int) -> int:
        """How many chunks a run of this many corpora takes."""
        wanted = corpora * self.share if self.fixed is None else self.fixed
        return math.ceil(wanted / self.chunk)


@dataclass(slots=True)
class Tally:
    """Sums of one outcome over corpora; corpora in which it is not defined (NaN) are not counted."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0

    def include(self, value: float) -> None:
        """Count one corpus."""
        if not math.isnan(value):
            self.count += 1
            self.total += value
            self.squares += value * value

    def merge(self, other: Tally) -> None:
        """Count what another tally has counted."""
        self.count += other.count
        self.total += other.total
        self.squares += other.squares

    @property
    def mean(self) -> float:
        """Mean over corpora; a rate where outcomes are 0 and 1."""
        return self.total / self.count if self.count else math.nan

    @property
    def error(self) -> float:
        """Monte Carlo standard error of the mean."""
        if self.count < 2:  # noqa: PLR2004 - a spread needs two
            return math.nan
        variance = max(0.0, self.squares - self.count * self.mean**2) / (self.count - 1)
        return math.sqrt(variance / self.count)


@dataclass(slots=True)
class Result:
    """What a cell's corpora gave."""

    cell: Cell
    corpora: int = 0
    seconds: float = 0.0
    tallies: dict[str, Tally] = field(default_factory=dict)
    totals: dict[str, list[float]] = field(default_factory=dict)

    def include(self, corpora: int, seconds: float, tallies: Mapping[str, Tally]) -> None:
        """Add a chunk."""
        self.corpora += corpora
        self.seconds += seconds
        for name, tally in tallies.items():
            self.tallies.setdefault(name, Tally()).merge(tally)
            self.totals.setdefault(name, []).append(tally.total)

    def dispersion(self, name: str) -> float:
        """Variance of a count between chunks, relative to that of independent corpora: 1 where they are."""
        expected = self.cell.chunk * self[name].mean * (1 - self[name].mean)
        totals = self.totals.get(name, [])
        return statistics.variance(totals) / expected if len(totals) > 1 and expected > 0 else math.nan

    def __getitem__(self, name: str) -> Tally:
        return self.tallies.get(name, Tally())


def tallied(tables: Iterable[Outcomes]) -> dict[str, Tally]:
    """Count the outcomes of several tables."""
    tallies: dict[str, Tally] = {}
    for outcomes in tables:
        for name, values in outcomes.items():
            tally = tallies.setdefault(name, Tally())
            for value in values:
                tally.include(value)
    return tallies
