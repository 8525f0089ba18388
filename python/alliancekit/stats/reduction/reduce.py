"""Scored turns to sums and labels of sessions, in one pass over batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.stats.reduction import batches, labels
from alliancekit.stats.reduction.sums import sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.stats.inference.resample import Progress


@dataclass(frozen=True, slots=True)
class Choices:
    """What to reduce, and how turns weigh.

    Attributes:
        scales: Score columns.
        labels: Columns that may be labels.
        required: Labels without which there is nothing to say.
        weight: `turn` or `token`.
        min_tokens: Scores of shorter turns are left out.
    """

    scales: Sequence[str]
    labels: Sequence[str]
    required: Sequence[str]
    weight: str
    min_tokens: int | None


@dataclass(frozen=True, slots=True)
class Reduced:
    """A row per session in both, sorted by `session_id`: `sums` as in `reduction.sums`, `labels` with the id."""

    sums: pl.DataFrame
    labels: pl.DataFrame


def reduce(turns: pl.LazyFrame, choices: Choices, progress: Progress | None = None) -> Reduced:
    """Reduce the turns in batches of whole sessions."""
    columns = turns.collect_schema().names()
    given = [name for name in (schema.N_TOKENS, schema.TRUNCATED) if name in columns]
    wanted = (schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE, *given, *choices.scales, *choices.labels)
    candidates = list(choices.labels)

    def work(batch: pl.DataFrame, first: pl.Series) -> Reduced:
        summed = sums(batch, first, choices.scales, weight=choices.weight, min_tokens=choices.min_tokens)
        labelled = labels.of_sessions(batch, first, candidates)
        # What varies is no label, and need not be looked at in the batches that follow.
        candidates[:] = labels.not_dropped(labelled, candidates, choices.required)
        return Reduced(summed, labelled)

    return _sorted(batches.of_whole_sessions(turns.select(*dict.fromkeys(wanted)), work, progress))


def _sorted(parts: Sequence[Reduced]) -> Reduced:
    summed = pl.concat([part.sums for part in parts], rechunk=True)
    labelled = pl.concat([part.labels for part in parts], how="diagonal", rechunk=True)
    order = labelled[schema.SESSION_ID].arg_sort()
    return Reduced(summed[order], labelled[order])
