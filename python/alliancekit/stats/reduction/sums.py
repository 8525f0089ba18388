"""Sums over the turns of each session, by role and scale: everything that a session's statistics need.

The compiled core makes them session by session, each in the order of its turns, so that neither batches nor threads
change a bit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import _native, schema
from alliancekit.errors import RoleError
from alliancekit.stats.reduction.numbers import numbers
from alliancekit.stats.reduction.shares import shares
from alliancekit.stats.reduction.turns import FIFTHS, INNER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BLOCKS: Final = {"inner": INNER, **FIFTHS}
"""The blocks that are summed over; the outer one is its two edges together."""


def sum_names(scales: Sequence[str]) -> list[str]:
    """Name the columns of `sums`: ``<role>:<scale>:<sum>``, then ``<scale>:pair_<sum>``."""
    line, exchange = _native.turn_sum_names()
    of_role = [*line, *[f"{block}_{kind}" for block in BLOCKS for kind in ("w", "wy")]]
    return [
        *[f"{role}:{scale}:{name}" for role in schema.ROLES for scale in scales for name in of_role],
        *[f"{scale}:pair_{name}" for scale in scales for name in exchange],
    ]


def sums(
    turns: pl.DataFrame, first: pl.Series, scales: Sequence[str], *, weight: str, min_tokens: int | None
) -> pl.DataFrame:
    """Sum whole sessions whose turns are in order; `first` marks where each begins. A row per session."""
    names, starts = sum_names(scales), first.arg_true().to_numpy().astype(np.int64)
    roles = _roles(turns)
    flat = _native.turn_sums(
        np.append(starts, turns.height).astype(np.uint64),
        (roles, _weights(turns, weight, min_tokens)),
        [numbers(turns, scale, missing=np.nan) for scale in scales],
        list(BLOCKS.values()),
        pl.thread_pool_size(),
    )
    columns = np.ascontiguousarray(flat.reshape(-1, len(names)).T)
    return pl.DataFrame([*shares(turns, roles, starts), *map(pl.Series, names, columns)])


def _roles(turns: pl.DataFrame) -> NDArray[np.uint8]:
    """Give 0 for the patient and 1 for the therapist."""
    role = turns[schema.ROLE]
    therapist = role == schema.THERAPIST
    known = (therapist | (role == schema.PATIENT)).fill_null(value=False)
    if not known.all():
        session, found = turns.filter(~known).select(schema.SESSION_ID, schema.ROLE).row(0)
        raise RoleError(f"session {session!r} has the role {found!r}; roles are patient and therapist")
    return therapist.cast(pl.UInt8).to_numpy()


def _weights(turns: pl.DataFrame, weight: str, min_tokens: int | None) -> Floats:
    """Give each turn's weight; 0 leaves its scores out."""
    if weight == "turn" and min_tokens is None:
        return np.ones(turns.height)
    tokens = numbers(turns, schema.N_TOKENS, missing=0.0)
    weights = tokens if weight == "token" else np.ones(turns.height)
    return weights if min_tokens is None else np.where(tokens >= min_tokens, weights, 0.0)
