"""Closing rates of sessions: the slope of the gap against the sign that the mean gap of their arm has."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from alliancekit.stats.contrast.request import CLOSING_RATE
from alliancekit.stats.inference.onesample import means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.contrast.sample import Sample
    from alliancekit.stats.inference.resample import Plan

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]


def closing_rates(slopes: Sample, middle: Sample, plan: Plan) -> tuple[Sample, Mask]:
    """Turn slopes of the gap into closing rates, arm by arm; positive closes.

    `middle` holds the gaps at u = .5, a column for each of `slopes` that is a closing rate. The mask tells, for each
    column and arm (target first), where the interval of the mean gap does not settle its sign.
    """
    rates, unsure = slopes.values.copy(), np.zeros((len(slopes.columns), 2), dtype=np.bool_)
    closing = [at for at, (_, measure) in enumerate(slopes.columns) if measure == CLOSING_RATE]
    if not closing:
        return slopes, unsure
    for side, target in enumerate((True, False)):
        gap = means(middle.arm(target=target), plan)
        rates[np.ix_(slopes.target == target, closing)] *= -np.sign(gap.value)
        unsure[closing, side] = ~((gap.low > 0) | (gap.high < 0))
    return slopes.with_values(rates), unsure
