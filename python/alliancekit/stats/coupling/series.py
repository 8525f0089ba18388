"""The two sides of a session exchange by exchange, as flat arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.stats import arguments
from alliancekit.stats.reduction.batches import of_whole_sessions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Found = tuple[pl.Series, dict[str, tuple[Floats, Floats, NDArray[np.uint32]]]]

START: Final = "__start"
LENGTH: Final = "__length"


@dataclass(frozen=True, slots=True)
class Series:
    """Exchanges of one scale: scores float64 [exchanges], and where each session's lie."""

    patient: Floats
    therapist: Floats
    places: pl.DataFrame
    """`session_id`, START (UInt64) and LENGTH (UInt32), a row per session."""


def exchanges(
    turns: pl.DataFrame | pl.LazyFrame, scales: Sequence[str], *, form: str = "own"
) -> dict[str, Series] | None:
    """Take each patient's turn and the therapist's answer from turn scores, by scale; a session table has none.

    An answer follows the patient's turn directly, as for `alliancekit.sessions`; both must have a score.
    """
    frame = arguments.lazy(turns)
    if arguments.is_session_table(frame.collect_schema()):
        return None
    scores = [pl.col(_source(scale, form)).alias(scale) for scale in scales]
    needed = frame.select(schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE, *scores)
    parts = of_whole_sessions(needed, lambda batch, first: _answers(batch, first, scales))
    sessions = pl.concat([ids for ids, _ in parts])
    return {scale: _series(sessions, [found[scale] for _, found in parts]) for scale in scales}


def _source(scale: str, form: str) -> str:
    return scale if form == "own" else schema.form_column(scale, form)


def _answers(batch: pl.DataFrame, first: pl.Series, scales: Sequence[str]) -> Found:
    """Give the sessions of a batch and, for each scale, both sides' scores and how many each session has."""
    role, starts = batch[schema.ROLE], first.arg_true()
    answered = ((role == schema.THERAPIST) & (role.shift(1) == schema.PATIENT) & ~first).fill_null(value=False)
    found = {}
    for scale in scales:
        answer = batch[scale].cast(pl.Float64)
        before = answer.shift(1)
        both = answered & answer.is_not_null() & before.is_not_null()
        lengths = np.add.reduceat(both.cast(pl.UInt32).to_numpy(), starts.to_numpy()).astype(np.uint32, copy=False)
        found[scale] = (before.filter(both).to_numpy(), answer.filter(both).to_numpy(), lengths)
    return batch[schema.SESSION_ID].gather(starts), found


def _series(sessions: pl.Series, parts: Sequence[tuple[Floats, Floats, NDArray[np.uint32]]]) -> Series:
    patient, therapist, lengths = (np.concatenate(side) for side in zip(*parts, strict=True))
    starts = np.cumsum(lengths, dtype=np.uint64) - lengths
    return Series(patient, therapist, pl.DataFrame([sessions, pl.Series(START, starts), pl.Series(LENGTH, lengths)]))
