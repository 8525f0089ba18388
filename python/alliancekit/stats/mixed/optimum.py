"""The lowest point of a criterion over square roots of variances, zero allowed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Criterion = Callable[[Floats], tuple[float, Floats]]

FLOOR: Final = 1e-4
"""A root that counts as zero: a variance of 1e-8 of a turn's. Below it the likelihood loses digits."""

START: Final = 0.3
_AWAY: Final = 0.1
_RESTARTS: Final = 5
_FLAT: Final = 0.05
"""A slope of -2 log-likelihood per root below which nothing visible is left to gain."""


@dataclass(frozen=True, slots=True)
class Optimum:
    """Where the criterion is lowest, and whether it surely is."""

    roots: Floats
    value: float
    converged: bool


def lowest(criterion: Criterion, count: int) -> Optimum:
    """Search by L-BFGS-B with each root at FLOOR or above.

    An optimiser without bounds steps across zero, where the criterion mirrors itself, and stops there at a wrong
    place. With bounds one danger is left: at zero the slope over the root is 0 whatever the slope over the variance
    is, so a variance that fell there by too long a step would stay. It is looked at, and sent back.
    """
    from scipy.optimize import minimize  # type: ignore[import-untyped]  # noqa: PLC0415 - of the extra, no stubs

    roots = np.full(count, START)
    for _ in range(_RESTARTS):
        found = minimize(criterion, roots, jac=True, method="L-BFGS-B", bounds=[(FLOOR, None)] * count, options=_STOP)
        roots, slope = np.asarray(found.x), np.asarray(found.jac)
        at_floor = roots <= FLOOR
        stuck = at_floor & (slope / (2.0 * roots) < -1.0)
        free = np.abs(slope[~at_floor])
        if not stuck.any() and (free < _FLAT).all():
            return Optimum(np.where(at_floor, 0.0, roots), float(found.fun), converged=True)
        roots = np.where(stuck, _AWAY, roots)
    return Optimum(np.where(at_floor, 0.0, roots), float(found.fun), converged=False)


_STOP: Final = {"maxiter": 500, "ftol": 1e-11, "gtol": 1e-3}
