"""What a count over corpora says about a rate."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from scipy import stats  # type: ignore[import-untyped]  # it ships no types

if TYPE_CHECKING:
    from benches.calibration.cell import Tally

ALPHA: Final = 0.05
MONTE_CARLO: Final = 0.999
COVERED: Final = (0.93, 0.97)


def clopper_pearson(hits: float, count: int, confidence: float = MONTE_CARLO) -> tuple[float, float]:
    """Exact interval of a rate (Clopper & Pearson 1934, Biometrika 26)."""
    if count == 0:
        return math.nan, math.nan
    tail = (1 - confidence) / 2
    low = 0.0 if hits == 0 else float(stats.beta.ppf(tail, hits, count - hits + 1))
    high = 1.0 if hits == count else float(stats.beta.ppf(1 - tail, hits + 1, count - hits))
    return low, high


def is_above(tally: Tally, rate: float = ALPHA) -> bool:
    """Whether the whole Monte Carlo interval lies above the rate."""
    return tally.count > 0 and clopper_pearson(round(tally.total), tally.count)[0] > rate


def is_outside(tally: Tally, bounds: tuple[float, float] = COVERED) -> bool:
    """Whether the rate, as estimated, lies outside of the bounds."""
    return tally.count > 0 and not bounds[0] <= tally.mean <= bounds[1]
