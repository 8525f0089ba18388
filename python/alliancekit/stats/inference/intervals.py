"""Intervals from studentised replicates, and Holm's correction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def studentised(value: Floats, error: Floats, stars: Floats, confidence: float) -> tuple[Floats, Floats]:
    """Bootstrap-t interval per column; NaN where there is no standard error.

    value - t*(1 - alpha/2) error to value - t*(alpha/2) error (Efron & Tibshirani 1993, eq. 12.22).
    """
    usable = np.where(np.isnan(stars), 0.0, stars)
    tail = (1.0 - confidence) / 2.0
    low, high = np.quantile(usable, [tail, 1.0 - tail], axis=0, method="inverted_cdf")
    undefined = ~(error > 0)
    with np.errstate(invalid="ignore"):
        bounds = value - high * error, value - low * error
    return np.where(undefined, np.nan, bounds[0]), np.where(undefined, np.nan, bounds[1])


def equal_tailed(value: Floats, error: Floats, stars: Floats) -> Floats:
    """Two-sided p of no mean that inverts the interval of `studentised`, per column; NaN without standard error.

    Twice the smaller tail of the bootstrap-t distribution at value / error (Efron & Tibshirani 1993, ch. 16.4).
    """
    usable = np.where(np.isnan(stars), 0.0, stars)
    undefined = ~(error > 0)
    observed = value / np.where(undefined, np.nan, error)
    tails = [np.count_nonzero(reached, axis=0) for reached in (usable >= observed, usable <= observed)]
    p = np.minimum(1.0, 2.0 * (np.minimum(*tails) + 1) / (len(stars) + 1))
    return np.where(undefined, np.nan, p)


def holm(values: Sequence[float | None]) -> list[float | None]:
    """Adjust the p-values of a family (Holm 1979, Scandinavian Journal of Statistics 6); a null is not in it.

    Example:
        >>> holm([0.01, None, 0.04, 0.03])
        [0.03, None, 0.06, 0.06]

    """
    known = sorted((value, at) for at, value in enumerate(values) if value is not None)
    adjusted: list[float | None] = [None] * len(values)
    highest = 0.0
    for rank, (value, at) in enumerate(known):
        highest = max(highest, min(1.0, value * (len(known) - rank)))
        adjusted[at] = highest
    return adjusted
