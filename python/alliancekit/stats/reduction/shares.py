"""Shares of a session: the patient's of its turns and tokens, and that of turns cut at the token limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.stats.reduction.numbers import numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHARES: Final = ("talk_share", "token_share", "truncated_share")


def shares(turns: pl.DataFrame, roles: NDArray[np.uint8], starts: NDArray[np.int64]) -> list[pl.Series]:
    """Give the SHARES of each session; null where the table lacks the column, or the session has no tokens."""
    ones, patient = np.ones(turns.height), (roles == 0).astype(np.float64)
    talk = _share(ones, patient, starts)
    token, truncated = None, None
    if schema.N_TOKENS in turns.columns:
        token = _share(numbers(turns, schema.N_TOKENS, missing=0.0), patient, starts)
    if schema.TRUNCATED in turns.columns:
        truncated = _share(ones, numbers(turns, schema.TRUNCATED, missing=0.0), starts)
    return [_series(name, share, len(starts)) for name, share in zip(SHARES, (talk, token, truncated), strict=True)]


def _share(values: Floats, part: Floats, starts: NDArray[np.int64]) -> Floats:
    """Divide a session's sum over a part of its turns by its sum over all."""
    whole = np.add.reduceat(values, starts)
    shares = np.full(len(starts), np.nan)
    np.divide(np.add.reduceat(values * part, starts), whole, out=shares, where=whole > 0)
    return shares


def _series(name: str, share: Floats | None, height: int) -> pl.Series:
    if share is None:
        return pl.Series(name, [None], dtype=pl.Float64).new_from_index(0, height)
    return pl.Series(name, share, nan_to_null=True)
