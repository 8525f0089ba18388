"""Echo: how far a therapist's turn restates the patient's turn right before it.

The cosine of the two turns' embeddings. Products of two Float32 numbers are exact in Float64 and are added exactly
(Shewchuk 1997, as `math.fsum` does), so that a pair has the same bits alone and in any table.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

ECHO: Final = "echo"


def echo_of(patient: NDArray[np.float32], therapist: NDArray[np.float32]) -> float:
    """Give the cosine of two unit-norm embeddings, float32 [d], rounded to Float32: -1 to 1.

    >>> echo_of(np.array([0.6, 0.8], np.float32), np.array([0.8, 0.6], np.float32))
    0.9600000381469727
    """
    products = patient.astype(np.float64) * therapist.astype(np.float64)
    return float(np.float32(math.fsum(products.tolist())))


def echo_column(turns: pl.DataFrame, vectors: NDArray[np.float32]) -> pl.Series:
    """Give the echo of each turn, Float32: null but for a therapist's turn right after a patient's in its session.

    Args:
        turns: `session_id`, `turn_index` and `role`, in any order.
        vectors: their embeddings, float32 [n, d]; NaN where a turn has none.

    """
    order = turns.select(pl.arg_sort_by(schema.SESSION_ID, schema.TURN_INDEX)).to_series()
    sorted_turns = turns[order]
    answers = (
        (sorted_turns[schema.ROLE] == schema.THERAPIST)
        & (sorted_turns[schema.ROLE].shift(1) == schema.PATIENT)
        & (sorted_turns[schema.SESSION_ID] == sorted_turns[schema.SESSION_ID].shift(1))
    )
    places = order.to_list()
    found: list[float | None] = [None] * turns.height
    embedded = ~np.isnan(vectors[:, 0]) if vectors.size else np.zeros(turns.height, dtype=bool)
    for at in answers.fill_null(value=False).arg_true():
        before, own = places[at - 1], places[at]
        if embedded[before] and embedded[own]:
            found[own] = echo_of(vectors[before], vectors[own])
    return pl.Series(ECHO, found, dtype=pl.Float32)
