"""Fits as tables: effects with their uncertainty, and variances."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.stats.inference.clusters import FEW, FEWEST, too_few
from alliancekit.stats.inference.yardstick import known
from alliancekit.stats.mixed.design import WITHIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from alliancekit.stats.mixed.design import Design
    from alliancekit.stats.mixed.engine import Fit
    from alliancekit.stats.mixed.sample import Sample

    Floats = NDArray[np.float64]

EFFECTS: Final = {
    schema.SCALE: pl.String,
    "term": pl.String,
    "estimate": pl.Float64,
    "std_error": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "statistic": pl.Float64,
    "p_value": pl.Float64,
    "df": pl.Int64,
    "n_sessions": pl.Int64,
    "n_clusters": pl.Int64,
    "note": pl.String,
}
VARIANCES: Final = {
    schema.SCALE: pl.String,
    "level": pl.String,
    "term": pl.String,
    "variance": pl.Float64,
    "sd": pl.Float64,
    "n_units": pl.Int64,
    "note": pl.String,
}
RESIDUAL: Final = ("turn", "residual")
_AT_ZERO: Final = "estimated as zero, the border of what is possible"


def effect_rows(terms: Sequence[str], found: Fit | str, given: Sample, confidence: float) -> list[dict[str, Any]]:
    """Rows of `EFFECTS` without the scale; `found` may be the reason why there is no fit."""
    freedom = given.clusters - max(len(given.conditions), 1)
    why_not = _why_no_interval(found, given)
    nothing = np.full((6, len(terms)), np.nan)
    numbers = nothing if isinstance(found, str) else _numbers(found, freedom, confidence, certain=why_not is None)
    columns = list(EFFECTS)[2:8]
    note = "; ".join(part for part in (why_not, *_cautions(found, given), given.note) if part)
    return [
        {
            "term": term,
            **{name: known(value) for name, value in zip(columns, numbers[:, at], strict=True)},
            "df": freedom if why_not is None else None,
            "n_sessions": given.sessions.height,
            "n_clusters": given.clusters,
            "note": note,
        }
        for at, term in enumerate(terms)
    ]


def _numbers(found: Fit, freedom: int, confidence: float, *, certain: bool) -> Floats:
    """Estimate, standard error, interval, statistic and p [6, terms]; all but the first only where `certain`."""
    from scipy import stats  # type: ignore[import-untyped]  # noqa: PLC0415 - of the extra, no stubs

    numbers = np.full((6, len(found.estimates)), np.nan)
    numbers[0] = found.estimates
    if certain:
        error = np.sqrt(np.diag(found.covariance))
        half = stats.t.ppf(0.5 + confidence / 2.0, freedom) * error
        statistic = found.estimates / error
        tails = 2.0 * stats.t.sf(np.abs(statistic), freedom)
        numbers[1:] = error, found.estimates - half, found.estimates + half, statistic, tails
    return numbers


def _why_no_interval(found: Fit | str, given: Sample) -> str | None:
    if isinstance(found, str):
        return found
    if not found.converged:
        return "no interval and no p: the fit did not converge; the estimates are where it stopped"
    if given.clusters < FEWEST:
        return f"no interval and no p: {too_few(given.clusters)}"
    return None


def _cautions(found: Fit | str, given: Sample) -> list[str]:
    cautions = []
    if FEWEST <= given.clusters < FEW:
        cautions.append(f"few clusters ({given.clusters}): read with care")
    thin = {name: given.clusters_of(name) for name in given.conditions}
    few = [f"{name} ({count})" for name, count in thin.items() if count < FEWEST <= given.clusters]
    if few:
        cautions.append(f"few clusters in {', '.join(few)}: leans on equal variances in all conditions")
    if not isinstance(found, str) and found.converged and not found.variances.all():
        cautions.append("some variances are zero: see variances")
    return cautions


def variance_rows(design: Design, found: Fit | str) -> list[dict[str, Any]]:
    """Rows of `VARIANCES` without the scale: each term at each level, then what turns vary by."""
    if isinstance(found, str):
        return []
    rows = [
        _variance_row(level, term, float(found.variances[at, part]), int(design.units[at].max()) + 1)
        for at, level in enumerate(design.levels)
        for part, term in enumerate(WITHIN)
    ]
    return [*rows, _variance_row(*RESIDUAL, found.residual, int(design.turns.sum()))]


def _variance_row(level: str, term: str, variance: float, units: int) -> dict[str, Any]:
    return {
        "level": level,
        "term": term,
        "variance": variance,
        "sd": variance**0.5,
        "n_units": units,
        "note": None if variance > 0 else _AT_ZERO,
    }
