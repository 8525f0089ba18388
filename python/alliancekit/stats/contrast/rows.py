"""The rows of the table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from alliancekit import schema
from alliancekit.stats.contrast.request import GAP, MISALIGNMENT
from alliancekit.stats.contrast.words import note
from alliancekit.stats.inference.yardstick import known, ratio, signed_root

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from alliancekit.stats.contrast.contrast import Contrast
    from alliancekit.stats.contrast.words import Call

    Floats = NDArray[np.float64]

FAMILY: Final = "family"
P_GREATER: Final = "p_greater"
"""Columns that are for our own use, and are dropped at the end."""


def row(result: Contrast, at: int, yardsticks: Mapping[str, float], call: Call) -> dict[str, Any]:
    """Give what was found in one column; the names of the arms and `p_adjusted` are added by others."""
    scale, measure = result.arms.shown.columns[at]
    target, other = _arms(result, at)
    difference = result.found.difference[at]
    return {
        schema.SCALE: scale,
        "measure": measure,
        "difference": known(difference),
        "ci_low": known(result.low[at]),
        "ci_high": known(result.high[at]),
        "p_value": known(result.p[at]),
        P_GREATER: known(result.p_greater[at]),
        "effect_size": ratio(difference, _spread(target, other)),
        "n_target": len(target),
        "n_reference": len(other),
        "note": note(result, at, call),
        **_values(result, at, measure),
        "difference_se": known(result.found.error[at]),
        "effect_size_pooled": ratio(difference, yardsticks[scale]) if measure == GAP else None,
        "n_clusters_target": int(result.found.clusters[0][at]),
        "n_clusters_reference": int(result.found.clusters[1][at]),
    }


def _arms(result: Contrast, at: int) -> tuple[Floats, Floats]:
    """Give the sessions' values in each arm."""
    values, here = result.arms.shown.values[:, at], result.arms.shown.target
    known = ~np.isnan(values)
    return values[here & known], values[~here & known]


def _values(result: Contrast, at: int, measure: str) -> dict[str, float | None]:
    """Give what the difference is of, in units of the score."""
    means = [result.arms.shown.means(target=target)[at] for target in (True, False)]
    if measure == MISALIGNMENT:
        means = [signed_root(mean) for mean in means]
    return dict(zip(("target_value", "reference_value"), map(known, means), strict=True))


def _spread(target: Floats, other: Floats) -> float | None:
    """Root of the mean of the arms' session variances; none where an arm has fewer than two sessions."""
    if min(len(target), len(other)) < 2:  # noqa: PLR2004 - one session has no variance
        return None
    return float(np.sqrt((target.var(ddof=1) + other.var(ddof=1)) / 2.0))
