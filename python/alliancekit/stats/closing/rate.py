"""The closing rate of a group of sessions: the mean slope of the gap against the gap's own sign."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from alliancekit.stats.inference.yardstick import known

if TYPE_CHECKING:
    from alliancekit.stats.inference.onesample import Means

VALUES: Final = ("gap_slope", "gap_mid")
"""Columns of the session table that the closing rate is made of: b and a of gap(u) = a + b(u - .5)."""

UNSURE: Final = "the interval of the gap holds 0, so that there is nothing certain to close"


def closing(found: Means, slope: int, mid: int) -> dict[str, Any]:
    """Give the columns of the closing rate; `slope` and `mid` are the columns of b and a in `found`.

    The interval is that of the mean slope, mirrored where the gap is positive.
    """
    a, b = float(found.value[mid]), float(found.value[slope])
    sign = np.sign(a) if a else np.nan
    bounds = sorted((-sign * float(found.low[slope]), -sign * float(found.high[slope])))
    return {
        "closing_rate": known(-b * sign),
        "ci_low": known(bounds[0]),
        "ci_high": known(bounds[1]),
        "p_value": known(found.p[slope]),
        "gap_mid": known(a),
        "gap_mid_low": known(found.low[mid]),
        "gap_mid_high": known(found.high[mid]),
        "gap_start": known(a - b / 2),
        "gap_end": known(a + b / 2),
        "gap_slope": known(b),
        "gap_slope_low": known(found.low[slope]),
        "gap_slope_high": known(found.high[slope]),
        "closing_rate_se": known(found.error[slope]),
    }


def sign_is_known(low: float | None, high: float | None) -> bool:
    """Whether there is an interval and it does not hold 0."""
    return low is not None and high is not None and (low > 0 or high < 0)
