"""Differences adjusted for covariates: a linear model with one slope for both arms, robust to clusters.

The adjusted difference is the coefficient of the target in the least-squares fit of the value to target and
covariates. By the theorem of Frisch & Waugh (1933, Econometrica 1) and Lovell (1963, JASA 58) it is the sum over
sessions of d·y / Σd², d what is left of the target's 0 or 1 after regression on the covariates, and a session's
influence on it is d·e / Σd², e its residual (the terms of Liang & Zeger's 1986 sandwich). So each session gets a
*pseudo-value*: the adjusted mean of its arm, plus or minus its influence times the arm's weight. Their scatter holds
the uncertainty of the slopes, which values that are only moved along the slopes would leave out. Residuals are about
slopes that are fitted without the session's own cluster, since a fit comes too close to what it was fitted to (Bell &
McCaffrey 2002, Survey Methodology 28).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.contrast.sample import Sample

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]

NOTHING: Final = 1e-9
"""What is less than this share of a size is what rounding leaves of nothing."""


def adjust(sample: Sample, covariates: Floats) -> tuple[Sample, Sample]:
    """Give the sample with adjusted values, and with pseudo-values; `covariates` is [sessions, columns, covariates].

    Adjusted values are those expected at the mean covariates of both arms. A column is NaN where the covariates tell
    its arms apart exactly. With an empty arm there is nothing to adjust.
    """
    if not covariates.shape[2]:
        return sample, sample
    pairs = [_column(sample, at, covariates[:, at]) for at in range(len(sample.columns))]
    moved, pseudo = (np.stack(side, axis=1) for side in zip(*pairs, strict=True))
    return sample.with_values(moved), sample.with_values(pseudo)


def _column(sample: Sample, at: int, covariates: Floats) -> tuple[Floats, Floats]:
    """Fit the sessions that have a value."""
    values, known = sample.values[:, at], sample.weights[:, at] > 0
    target = sample.target[known]
    if target.all() or not target.any():
        return values, values
    moved, pseudo = np.full_like(values, np.nan), np.full_like(values, np.nan)
    weights = sample.weights[known, at]
    moved[known], pseudo[known] = _fitted(values[known], weights, target, covariates[known], sample.clusters[known])
    return moved, pseudo


def _fitted(
    values: Floats, weights: Floats, target: Mask, covariates: Floats, clusters: Codes
) -> tuple[Floats, Floats]:
    everyone = np.ones(len(values), dtype=np.bool_)
    shifted = _unit(_about_means(covariates, weights, everyone), np.abs(covariates).max(axis=0))
    within = _about_means(shifted, weights, target)
    slopes = _slopes(within, _about_means(values[:, None], weights, target), weights)
    moved = values - (shifted @ slopes)[:, 0]
    labels = _about_means(target[:, None].astype(np.float64), weights, everyone)
    left = (labels - shifted @ _slopes(shifted, labels, weights))[:, 0]
    scatter = np.sum(weights * left**2)
    if scatter <= NOTHING * np.sum(weights * labels[:, 0] ** 2):
        return np.full_like(values, np.nan), np.full_like(values, np.nan)
    residual = _about_means(moved[:, None], weights, target)[:, 0]
    mass = np.where(target, weights[target].sum(), -weights[~target].sum())
    influence = mass * left * without_own_cluster(residual, within, weights, clusters) / scatter
    # About the mean of the arm, so that the means stay the adjusted ones.
    return moved, moved - residual + _about_means(influence[:, None], weights, target)[:, 0]


def without_own_cluster(residual: Floats, within: Floats, weights: Floats, clusters: Codes) -> Floats:
    """Residuals about the slopes of all other clusters.

    In an orthonormal basis U of the covariates the slopes change by (1 - U_c'U_c)^-1 U_c'e when cluster c goes.
    """
    root = np.sqrt(weights)
    basis, sizes, _ = np.linalg.svd(root[:, None] * within, full_matrices=False)
    basis = basis[:, sizes > NOTHING * sizes.max(initial=0.0)]
    rank, count = basis.shape[1], int(clusters.max()) + 1
    pulls = _summed(basis * (root * residual)[:, None], clusters, count)
    squares = _summed((basis[:, :, None] * basis[:, None, :]).reshape(len(basis), -1), clusters, count)
    # A cluster that alone has a covariate pulls at it with nothing but rounding; the last term keeps it solvable.
    others = (1.0 + NOTHING) * np.eye(rank) - squares.reshape(count, rank, rank)
    changes = np.linalg.solve(others, pulls[:, :, None])[:, :, 0]
    others_residual: Floats = residual + np.sum(basis * changes[clusters], axis=1) / root
    return others_residual


def _summed(columns: Floats, clusters: Codes, count: int) -> Floats:
    """Sum the rows of each cluster."""
    sums = np.zeros((count, columns.shape[1]))
    for at in range(columns.shape[1]):
        sums[:, at] = np.bincount(clusters, weights=columns[:, at], minlength=count)
    return sums


def _about_means(columns: Floats, weights: Floats, target: Mask) -> Floats:
    """Subtract from each arm its weighted mean."""
    result = columns.copy()
    for arm in (target, ~target):
        if arm.any():
            result[arm] -= np.average(columns[arm], axis=0, weights=weights[arm])
    return result


def _unit(columns: Floats, largest: Floats) -> Floats:
    """Bring centred columns to one size, and a constant, of which rounding is left, to nothing."""
    size = np.abs(columns).max(axis=0)
    unit: Floats = np.divide(columns, size, out=np.zeros_like(columns), where=size > NOTHING * largest)
    return unit


def _slopes(columns: Floats, values: Floats, weights: Floats) -> Floats:
    """Weighted least squares; the shortest solution where columns are not independent."""
    root = np.sqrt(weights)[:, None]
    return np.asarray(np.linalg.lstsq(root * columns, root * values, rcond=None)[0], dtype=np.float64)
