"""The fit: restricted maximum likelihood by statsmodels, its optimum by a bounded search."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from alliancekit.errors import DataError
from alliancekit.stats.mixed.likelihood import Likelihood
from alliancekit.stats.mixed.optimum import lowest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.mixed.design import Design

    Floats = NDArray[np.float64]

LARGEST_WORK: Final = 1e11
"""Multiplications in one look at the likelihood, of which a fit takes about fifty: some 30 s on one core."""

_ROUNDING: Final = 1e-20
"""A share of the squares that is nothing but rounding."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Estimates [terms] with their covariance; variances [levels, 4], and the residual one of a turn.

    `criterion` is -2 log-likelihood (REML), as lme4 gives it.
    """

    estimates: Floats
    covariance: Floats
    variances: Floats
    residual: float
    criterion: float
    converged: bool


def fit(design: Design) -> Fit | str:
    """Fit the model, or say in words why it can't be fitted."""
    _refuse_large_clusters(design)
    if _no_residual(design):
        return "no estimate: scores do not vary about the line of each role and condition"
    with warnings.catch_warnings():
        # statsmodels warns of variances near zero and of a Hessian that is not used here: both are told in words.
        warnings.simplefilter("ignore")
        try:
            return _fit(design)
        except np.linalg.LinAlgError:
            return "no estimate: the fit broke down on a singular matrix"


def _refuse_large_clusters(design: Design) -> None:
    """Refuse what would take hours: statsmodels inverts a dense matrix of all random effects of a cluster."""
    rows = np.bincount(design.units[0]).astype(np.float64)
    effects = np.zeros_like(rows)
    for units in design.units:
        first = np.unique(units, return_index=True)[1]
        effects += design.within.shape[1] * np.bincount(design.units[0][first], minlength=len(rows))
    if ((rows + effects) * effects**2).sum() > LARGEST_WORK:
        largest = int(np.bincount(design.units[0][np.unique(design.units[-1], return_index=True)[1]]).max())
        raise DataError(
            f"clusters are too large for the mixed model (the largest has {largest} sessions): it would take hours; "
            "draw a sample of sessions from each cluster, or use gap, compare and convergence, which have no limit"
        )


def _no_residual(design: Design) -> bool:
    root = np.sqrt(design.turns)
    scores = design.scores * root
    _, squares, *_ = np.linalg.lstsq(design.fixed * root[:, None], scores)
    return not squares.size or bool(squares[0] <= _ROUNDING * (scores @ scores))


def _fit(design: Design) -> Fit:
    likelihood = Likelihood(design)
    optimum = lowest(likelihood.criterion, likelihood.roots)
    estimates, covariance, residual = likelihood.solution(optimum.roots)
    return Fit(
        estimates=estimates,
        covariance=covariance,
        variances=(optimum.roots**2 * residual).reshape(len(design.levels), -1),
        residual=residual,
        criterion=optimum.value - float(np.log(design.turns).sum()),
        converged=optimum.converged,
    )
