"""Scores, fixed effects and random effects of one scale, as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CONDITION: Final = "__condition"
WITHIN: Final = ("intercept", "therapist", "u", "therapist:u")
"""What varies within a session: level, gap, drift, and slope of the gap."""


@dataclass(frozen=True, slots=True)
class Design:
    """One row per session, role and bin.

    Attributes:
        scores: Mean score of the row's turns [rows].
        turns: Their number [rows]; the residual variance of a row is that of a turn, divided by it.
        within: 1, role (therapist +.5, patient -.5), u (centred) and role * u [rows, 4].
        fixed: `within`, then `within` times each condition but the reference [rows, 4 * conditions].
        terms: Names of the columns of `fixed`.
        levels: Names of the levels that random effects stand at, coarsest first.
        units: Number of the unit that a row belongs to, from 0, per level [levels, rows].

    """

    scores: Floats
    turns: Floats
    within: Floats
    fixed: Floats
    terms: list[str]
    levels: list[str]
    units: NDArray[np.int64]


def design(rows: pl.DataFrame, conditions: Sequence[str], levels: Sequence[str]) -> Design:
    """Code the rows of one scale; `conditions` begins with the reference, or is empty where there are none."""
    role = np.where((rows[schema.ROLE] == schema.THERAPIST).to_numpy(), 0.5, -0.5)
    u = rows["u"].to_numpy()
    within = np.stack([np.ones_like(u), role, u, role * u], axis=1)
    member = [(rows[CONDITION] == name).to_numpy() for name in conditions]
    _check_places("the sessions", within)
    for name, mine in zip(conditions, member, strict=True):
        _check_places(f"the sessions of condition {name!r}", within[mine])
    return Design(
        scores=rows["y"].to_numpy(),
        turns=rows["n"].to_numpy(),
        within=within,
        fixed=np.concatenate([within, *[within * mine[:, None] for mine in member[1:]]], axis=1),
        terms=[*WITHIN, *[_term(part, name) for name in conditions[1:] for part in WITHIN]],
        levels=list(levels),
        units=np.stack([(rows[level].rank("dense") - 1).cast(pl.Int64).to_numpy() for level in levels]),
    )


def _term(part: str, condition: str) -> str:
    return condition if part == WITHIN[0] else f"{part}:{condition}"


def _check_places(whose: str, within: Floats) -> None:
    """Refuse sessions in which the line of a role is not determined."""
    if np.linalg.matrix_rank(within) < within.shape[1]:
        raise DataError(f"{whose} have scores of a role in one part only, so it has no slope; leave them out")
