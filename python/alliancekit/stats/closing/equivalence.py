"""Is a slope small enough to say that nothing closes? Two one-sided tests within a margin."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def equivalence(value: float, error: float, stars: Floats, margin: float) -> float:
    """Test a size of at least `margin` by two one-sided tests (TOST): the larger of their p-values.

    Schuirmann, D. J. (1987), Journal of Pharmacokinetics and Biopharmaceutics 15: |θ| < margin is accepted where
    both θ <= -margin and θ >= margin are rejected, each at the whole level. Here the reference of both is the
    bootstrap-t distribution, so that the test at .05 agrees with the interval of level .90.

    Args:
        value: Estimate of θ.
        error: Its standard error.
        stars: Studentised replicates (θ* - θ) / se*: float64 [resamples].
        margin: Positive, in the units of `value`.

    Returns:
        The p-value; NaN where there is no standard error or no margin.

    Example:
        >>> import numpy as np
        >>> equivalence(0.0, 0.1, np.linspace(-2.0, 2.0, 99), 0.25)
        0.01

    """
    if not error > 0 or not margin > 0:
        return float("nan")
    # A replicate without variance and without a move gives NaN: it is as central as can be.
    usable = np.where(np.isnan(stars), 0.0, stars)
    above = np.count_nonzero(usable >= (value + margin) / error)
    below = np.count_nonzero(usable <= (value - margin) / error)
    return float(max(above, below) + 1) / (len(usable) + 1)
