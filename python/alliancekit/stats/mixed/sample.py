"""The sessions that the model is made of: both roles scored, condition known, levels nested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError, ParameterError
from alliancekit.stats.mixed.design import CONDITION, WITHIN
from alliancekit.stats.mixed.levels import LEVELS, repeating, with_levels
from alliancekit.stats.mixed.spread import unequal_spread

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Sample:
    """Sessions of one scale (`session_id`, condition, units, gap), their conditions, levels, and what to say."""

    sessions: pl.DataFrame
    conditions: list[str]
    levels: list[str]
    note: str

    @property
    def clusters(self) -> int:
        """How many units the coarsest level has."""
        return self.sessions[self.levels[0]].n_unique()

    def clusters_of(self, condition: str) -> int:
        """How many of them have sessions of the condition."""
        return self.sessions.filter(pl.col(CONDITION) == condition)[self.levels[0]].n_unique()


def check_label(table: pl.DataFrame, by: str | None) -> None:
    """Refuse a label that can't name terms."""
    if by is None:
        return
    if by not in table.columns:
        raise ColumnError(f"{by!r} is not a label of the sessions; name a column that is constant in each session")
    if table.schema[by] == pl.List:
        raise DataError(f"{by!r} holds lists: the model takes one condition a session; make a column of one value each")
    names = table[by].cast(pl.String).drop_nulls().unique()
    taken = sorted(name for name in names if name in WITHIN or ":" in name)
    if taken:
        raise DataError(f"condition {taken[0]!r} reads like a term of the model; rename it")


def sample(table: pl.DataFrame, scale: str, by: str | None, reference: str | None) -> Sample:
    """Take the sessions of a scale from the session table; conditions begin with the reference."""
    mine = table.filter(pl.col(schema.SCALE) == scale)
    label = pl.lit(None, dtype=pl.String) if by is None else pl.col(by).cast(pl.String)
    mine = with_levels(mine.with_columns(label.alias(CONDITION)))
    one_sided = pl.col("gap").is_null()
    unlabelled = ~one_sided & pl.col(CONDITION).is_null() & (by is not None)
    levels = [level for level in LEVELS if level in mine.columns]
    sessions = mine.filter(~one_sided & ~unlabelled).select(schema.SESSION_ID, CONDITION, *levels, "gap")
    conditions = [] if by is None else _conditions(sessions, scale, reference)
    left_out = mine.select(one_sided.sum().alias("one_sided"), unlabelled.sum().alias("unlabelled")).row(0)
    told_apart = repeating(sessions)
    return Sample(sessions, conditions, told_apart, _note(told_apart, left_out, sessions))


def _conditions(sessions: pl.DataFrame, scale: str, reference: str | None) -> list[str]:
    """Name the conditions: the reference (by default the one with the most sessions), then the others by name."""
    counts = sessions.group_by(CONDITION).len().sort(["len", CONDITION], descending=[True, False])
    names = counts[CONDITION].to_list()
    if reference is None:
        reference = names[0] if names else None
    elif reference not in names:
        raise ParameterError(f"reference {reference!r} is not a condition of {scale}; there are {_listed(names)}")
    return [name for name in names if name == reference] + sorted(name for name in names if name != reference)


def _listed(names: Sequence[str]) -> str:
    return ", ".join(sorted(names)) or "none"


def _note(levels: Sequence[str], left_out: tuple[int, int], sessions: pl.DataFrame) -> str:
    parts = [f"clusters: {levels[0]}s"]
    if LEVELS[0] in sessions.columns and sessions[LEVELS[0]].n_unique() == 1:
        parts.append("one therapist: nothing is said about others")
    uneven = unequal_spread(sessions)
    if uneven is not None:
        parts.insert(0, uneven)
    one_sided, unlabelled = left_out
    if one_sided:
        parts.append(f"{one_sided} sessions without scores of both roles left out")
    if unlabelled:
        parts.append(f"{unlabelled} sessions without a condition left out")
    return "; ".join(parts)
