"""Mismatched pairs: a session's patient beside the therapists of sessions that share neither person with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import _native, schema
from alliancekit.stats.coupling.series import LENGTH, START
from alliancekit.stats.inference.clusters import codes
from alliancekit.stats.inference.resample import in_chunks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.coupling.series import Series
    from alliancekit.stats.inference.resample import Plan

    Floats = NDArray[np.float64]

MOST: Final = 64
"""Partners of a session."""

FEWEST_PARTNERS: Final = 2
"""Partners that a session needs, so that their spread is known."""

_ADDITIONS: Final = 2
"""Per exchange and pair, of the size that others count: sums run side by side."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Each session's mismatched pairs, float64 [sessions, MOST]: those that there are come first in a row."""

    correlations: Floats
    exchanges: Floats

    @property
    def counts(self) -> NDArray[np.uint32]:
        """How many pairs each session has."""
        counted: NDArray[np.int64] = np.count_nonzero(self.exchanges, axis=1)
        return counted.astype(np.uint32)


def mismatched(part: pl.DataFrame, series: Series, plan: Plan) -> Pairs:
    """Correlate the patient of each session with the therapists of up to MOST others.

    Sessions stand in a random circle; the partners of one are the next ones that share nobody with it.
    """
    placed = part.join(series.places, on=schema.SESSION_ID, how="left", maintain_order="left").with_columns(
        pl.col(START).fill_null(0), pl.col(LENGTH).fill_null(0)
    )
    places = (np.ascontiguousarray(placed[START]), np.ascontiguousarray(placed[LENGTH]))
    people = (_people(placed, schema.PATIENT_ID), _people(placed, schema.THERAPIST_ID))
    usual = int(places[1].mean()) + 1
    flat = in_chunks(
        plan,
        placed.height,
        MOST * usual * _ADDITIONS,
        lambda chunk: _native.coupling_mismatched((series.patient, series.therapist), places, people, MOST, chunk),
        2 * MOST,
    )
    rows = np.empty_like(flat)
    rows[_native.coupling_circle(placed.height, plan.seed)] = flat
    return Pairs(rows[:, :MOST], rows[:, MOST:])


def _people(table: pl.DataFrame, column: str) -> NDArray[np.uint32]:
    """Number the people; a session that does not say whose it is has a person of its own."""
    session = pl.concat_str(pl.lit("session\x1f"), pl.col(schema.SESSION_ID).cast(pl.String))
    if column not in table.columns:
        return codes(table.select(session.alias(column))[column])
    person = pl.concat_str(pl.lit("person\x1f"), pl.col(column).cast(pl.String))
    return codes(table.select(pl.coalesce(person, session).alias(column))[column])
