"""The restricted likelihood of the model over roots of variances, as statsmodels computes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from alliancekit.stats.mixed.optimum import FLOOR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.mixed.design import Design

    Floats = NDArray[np.float64]


class Likelihood:
    """REML of independent random effects: every column of `within`, at every level, has a variance.

    Variances are relative to the residual one. Rows are scaled by the root of their number of turns, which makes
    their residual variances equal: statsmodels has no weights.
    """

    def __init__(self, design: Design) -> None:
        from statsmodels.regression import mixed_linear_model as engine  # type: ignore[import-untyped]  # noqa: PLC0415

        root = np.sqrt(design.turns)
        self._parameters: Final = engine.MixedLMParams
        self._model: Final = engine.MixedLM(
            design.scores * root,
            design.fixed * root[:, None],
            groups=design.units[0],
            exog_vc=engine.VCSpec(*_components(design, root)),
        )
        self._model.cov_pen = None  # loglike asks for it, and only fit would set it
        self._terms: Final = design.fixed.shape[1]
        self.roots: Final = len(design.levels) * design.within.shape[1]

    def criterion(self, roots: Floats) -> tuple[float, Floats]:
        """-2 log-likelihood, up to a constant of the data, and its slope over the roots."""
        given = self._at(roots)
        slope = self._model.score_full(given, calc_fe=False)[2] * 2.0 * roots
        return -2.0 * float(self._model.loglike(given, profile_fe=False)), -2.0 * np.asarray(slope)

    def solution(self, roots: Floats) -> tuple[Floats, Floats, float]:
        """Estimates, their covariance, and the residual variance of a turn."""
        best = self._at(np.maximum(roots, FLOOR))
        information = -self._model.hessian(best)[0][: self._terms, : self._terms]
        residual = self._model.get_scale(best.fe_params, best.cov_re, best.vcomp)
        return np.asarray(best.fe_params), np.linalg.inv(information), float(residual)

    def _at(self, roots: Floats):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a type without stubs
        given = self._parameters.from_components(
            fe_params=np.zeros(self._terms), cov_re=np.zeros((0, 0)), vcomp=roots**2
        )
        given.fe_params, _ = self._model.get_fe_params(given.cov_re, given.vcomp)
        return given


def _components(design: Design, root: Floats) -> tuple[list[str], list[list[list[str]]], list[list[Floats]]]:
    """Lay out the random effects per unit of the coarsest level: names, columns and matrices."""
    order = np.argsort(design.units[0], kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(design.units[0][order])) + 1)
    scaled = design.within * root[:, None]
    names, columns, matrices = [], [], []
    for level, units in zip(design.levels, design.units, strict=True):
        members = [np.unique(units[rows], return_inverse=True) for rows in groups]
        for part in range(scaled.shape[1]):
            names.append(f"{level}:{part}")
            columns.append([[str(unit) for unit in found] for found, _ in members])
            matrices.append([_spread(scaled[rows, part], at) for rows, (_, at) in zip(groups, members, strict=True)])
    return names, columns, matrices


def _spread(values: Floats, column: NDArray[np.intp]) -> Floats:
    """Put each row's value in the column of its unit."""
    matrix = np.zeros((len(values), int(column.max()) + 1))
    matrix[np.arange(len(values)), column] = values
    return matrix
