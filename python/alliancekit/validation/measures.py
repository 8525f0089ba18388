"""Measures of two columns, with a weight for each session: many replicates at once.

`w` is [replicates, sessions], x and y [sessions]; each returns [replicates], NaN where it is not defined.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


def correlation(w: Floats, x: Floats, y: Floats) -> Floats:
    """Return Pearson's correlation.

    >>> correlation(np.ones((1, 3)), np.array([0.0, 1.0, 2.0]), np.array([0.0, 2.0, 4.0])).round(6)
    array([1.])

    """
    xx, yy, xy = _moments(w, x, y)
    return _ratio(xy, np.sqrt(xx * yy))


def slope(w: Floats, x: Floats, y: Floats) -> Floats:
    """Return the least-squares slope of y on x."""
    xx, _, xy = _moments(w, x, y)
    return _ratio(xy, xx)


def bias(w: Floats, x: Floats, y: Floats) -> Floats:
    """Return the mean of y - x."""
    return _ratio(w @ (y - x), w.sum(axis=1))


def agreement(w: Floats, x: Floats, y: Floats) -> Floats:
    """Return the intraclass correlation for absolute agreement of single ratings, ICC(A,1) (McGraw and Wong 1996).

    >>> agreement(np.ones((1, 3)), np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 3.0]))
    array([1.])

    """
    n = w.sum(axis=1)
    middle = (x + y) / 2
    grand = _ratio(w @ middle, n)
    rows = 2 * (w @ middle**2 - n * grand**2) / (n - 1)
    shift = bias(w, x, y)
    columns = n * shift**2 / 2
    error = (w @ ((y - x) ** 2) / 2 - columns) / (n - 1)
    return _ratio(rows - error, rows + error + 2 / n * (columns - error))


def _moments(w: Floats, x: Floats, y: Floats) -> tuple[Floats, Floats, Floats]:
    n = w.sum(axis=1)
    mean_x, mean_y = _ratio(w @ x, n), _ratio(w @ y, n)
    xx, yy, xy = w @ x**2 - n * mean_x**2, w @ y**2 - n * mean_y**2, w @ (x * y) - n * mean_x * mean_y
    # What is left of rounding where a column does not vary is not a variance.
    least = 1e-12 * n
    return (
        np.where(xx > least * np.max(x**2, initial=0), xx, 0.0),
        np.where(yy > least * np.max(y**2, initial=0), yy, 0.0),
        xy,
    )


def _ratio(a: Floats, b: Floats) -> Floats:
    found: Floats = np.divide(a, b, out=np.full_like(a, np.nan), where=b != 0)
    return found
