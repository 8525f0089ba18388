"""The covariates of each session, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit.errors import ColumnError, ParameterError
from alliancekit.labels import nearest, quoted
from alliancekit.stats.sessions import FIRST, MORE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

N_TURNS: Final = "n_turns"
"""The length of a session: its scored turns."""

COMPUTED: Final = ("n_patient", "n_therapist", "n_exchanges", "talk_share", "token_share", "truncated_share")
"""Columns of the session table that are not made of scores."""


def label_names(covariates: Sequence[str]) -> list[str]:
    """Give the covariates that have to be labels of the sessions; refuse what is made of the scores compared."""
    for name in covariates:
        if name in (*FIRST, *MORE) and name not in COMPUTED:
            raise ParameterError(f"{name!r} is made of the scores that are compared, so it can't be a covariate")
    return [name for name in covariates if name not in (N_TURNS, *COMPUTED)]


def covariate_values(part: pl.DataFrame, covariates: Sequence[str]) -> Floats:
    """Give the covariates of one scale's sessions: float64 [sessions, covariates], NaN where one is missing."""
    if not covariates:
        return np.empty((part.height, 0))
    return np.stack([_numbers(part, name) for name in covariates], axis=1)


def _numbers(part: pl.DataFrame, name: str) -> Floats:
    if name == N_TURNS:
        return (part["n_patient"] + part["n_therapist"]).cast(pl.Float64).to_numpy()
    if name not in part.columns:
        close = nearest(name, part.columns)
        hint = f"; did you mean {quoted(close)}?" if close else ""
        raise ColumnError(f"covariate {quoted(name)} is not a column of the sessions{hint}")
    if not (part.schema[name].is_numeric() or part.schema[name] == pl.Boolean):
        raise ColumnError(f"covariate {name!r} holds {part.schema[name]}, and numbers are needed")
    return part[name].cast(pl.Float64).fill_nan(None).to_numpy()
