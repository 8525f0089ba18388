"""The design of the mixed model, and its fit by the package ``mixedlm`` (extra ``mixed``)."""

from __future__ import annotations

import importlib
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

TERMS: Final = {"level": "", "gap": ":side", "trend": ":x", "gap_slope": ":side_x"}
"""Each term of a condition, and what its indicator is multiplied by."""

LEVELS: Final = (schema.THERAPIST_ID, schema.PATIENT_ID, schema.SESSION_ID)


@dataclass(frozen=True, slots=True)
class Fit:
    """Fixed effects [terms] with their covariance [terms, terms], SDs of the random parts, and what to note."""

    estimate: NDArray[np.float64]
    covariance: NDArray[np.float64]
    spread: dict[str, float]
    note: str | None


def load() -> Callable[..., Any]:
    """Import the fitting function, or say how to get it."""
    try:
        package = importlib.import_module("mixedlm")
    except ModuleNotFoundError as missing:
        raise ModuleNotFoundError("alliancekit.mixed needs mixedlm: pip install 'alliancekit[mixed]'") from missing
    fitting: Callable[..., Any] = package.lmer
    return fitting


def grouping(table: pl.DataFrame) -> list[str]:
    """Give the levels that the table has and that a finer one does not repeat, coarsest first."""
    present = [name for name in LEVELS if name in table.columns and table[name].null_count() == 0]
    sizes = [table[name].n_unique() for name in present]
    finer = [*sizes[1:], table.height]
    return [name for name, size, next_size in zip(present, sizes, finer, strict=True) if 1 < size < next_size]


def fit(lmer: Callable[..., Any], table: pl.DataFrame, conditions: int, levels: Sequence[str]) -> Fit:
    """Fit ``score``, ``side``, ``x``, the conditions' indicators ``c0``, ``c1``, … and the levels' columns by REML."""
    table = table.with_columns(side_x=pl.col("side") * pl.col("x"))
    fixed = [f"c{code}{factor}" for factor in TERMS.values() for code in range(conditions)]
    random = [f"(1 + side{' + side_x' if level == schema.SESSION_ID else ''} || {level})" for level in levels]
    with warnings.catch_warnings():
        # A component on its boundary, 0, is an answer and stands in the note; the package warns of it.
        warnings.filterwarnings("ignore", message="Model is singular")
        model = lmer(f"score ~ 0 + {' + '.join(fixed + random)}", table, REML=True)
    if not model.converged:
        raise DataError(f"the mixed model did not converge: {model.message}")
    found = model.fixef()
    order = [list(found).index(name) for name in fixed]
    covariance = np.asarray(model.vcov(), dtype=np.float64)[np.ix_(order, order)]
    estimate = np.array([found[name] for name in fixed], dtype=np.float64)
    return Fit(estimate, covariance, _spread(model), "a variance is estimated as 0" if model.isSingular() else None)


def _spread(model: Any) -> dict[str, float]:  # noqa: ANN401 - an untyped package
    words = {"(Intercept)": "", "side": " gap", "side_x": " gap_slope"}
    found = {
        f"sd({level.removesuffix('_id')}{words[term]})": float(value)
        for level, group in model.VarCorr().groups.items()
        for term, value in group.stddev.items()
    }
    return found | {"sd(turn)": float(model.sigma)}
