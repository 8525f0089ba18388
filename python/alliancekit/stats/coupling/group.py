"""Coupling of one group of sessions, a row per scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from alliancekit import schema
from alliancekit.stats.coupling.estimate import NEEDED, coupled, pooled
from alliancekit.stats.coupling.mismatch import Mismatch, against_mismatched
from alliancekit.stats.inference.clusters import CLUSTER
from alliancekit.stats.inference.yardstick import known

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from alliancekit.stats.coupling.series import Series
    from alliancekit.stats.inference.resample import Plan

COLUMNS: Final = ("coupling", "coupling_low", "coupling_high", "coupling_p_value", "coupling_mismatched")
NEEDS_TURNS: Final = "coupling is not tested: a session table has no exchanges to pair anew, pass the turn scores"
NO_SUMS: Final = "coupling is unknown: the session table has no sums of exchanges"
UNKNOWN: Final = "coupling is unknown: no session has enough exchanges of scores that vary"


def no_coupling() -> dict[str, Any]:
    """Give the columns of a coupling that was not asked for."""
    return {**dict.fromkeys(COLUMNS), "n_coupled": None}


def coupling_rows(
    parts: Sequence[pl.DataFrame], clusters: NDArray[np.uint32], series: Mapping[str, Series] | None, plan: Plan
) -> list[tuple[dict[str, Any], str | None]]:
    """Give the columns of coupling for each scale and what to note; without `series` there is no test."""
    found = pooled(parts, clusters, plan)
    rows = []
    for at, part in enumerate(parts):
        tested = _tested(part, series, plan)
        values = (found.value[at], found.low[at], found.high[at], tested.p, tested.mean)
        row = dict(zip(COLUMNS, map(known, values), strict=True))
        rows.append(({**row, "n_coupled": int(coupled(part).sum())}, tested.note))
    return rows


def _tested(part: pl.DataFrame, series: Mapping[str, Series] | None, plan: Plan) -> Mismatch:
    if any(name not in part.columns for name in NEEDED):
        return Mismatch(np.nan, np.nan, NO_SUMS)
    if not coupled(part).any():
        return Mismatch(np.nan, np.nan, UNKNOWN)
    if series is None:
        return Mismatch(np.nan, np.nan, NEEDS_TURNS)
    return against_mismatched(part, CLUSTER, series[part[schema.SCALE][0]], plan)
