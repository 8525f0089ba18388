"""From the session tables of the scales to the two arms of a contrast, ready for inference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alliancekit.stats.contrast.adjustment import adjust
from alliancekit.stats.contrast.closing import closing_rates
from alliancekit.stats.contrast.covariates import covariate_values
from alliancekit.stats.contrast.request import CLOSING_RATE, MEASURES
from alliancekit.stats.contrast.sample import Sample, sample

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from numpy.typing import NDArray

    from alliancekit.stats.contrast.arms import Arms
    from alliancekit.stats.contrast.request import Request
    from alliancekit.stats.inference.resample import Plan

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Numbers:
    """All sessions: values of the measures, gaps at the middle for closing rates, covariates.

    The last are float64 [sessions, columns, covariates].
    """

    values: Sample
    middle: Sample
    covariates: Floats


@dataclass(frozen=True, slots=True)
class Prepared:
    """The sessions of two arms.

    `shown` has the values that means and deviations are told of; `tested` those whose difference is inferred;
    `units` the same with weights of single sessions. `unsure` [columns, arms] marks closing rates whose sign is not
    known, `separated` [columns] those in which covariates tell the arms apart exactly, and `lacking` counts sessions
    without one.
    """

    shown: Sample
    tested: Sample
    units: Sample
    unsure: Mask
    separated: Mask
    lacking: int


def numbers(parts: Sequence[pl.DataFrame], asked: Request) -> Numbers:
    """Read the session tables of the scales."""
    of_scale = [covariate_values(part, asked.covariates) for part in parts]
    values = sample(parts, {measure: MEASURES[measure] for measure in asked.measures}, asked.weight)
    closing = CLOSING_RATE in asked.measures
    return Numbers(
        values,
        sample(parts, {CLOSING_RATE: "gap_mid"}, asked.weight) if closing else values,
        np.stack([covariates for covariates in of_scale for _ in asked.measures], axis=1),
    )


def prepare(everyone: Numbers, sides: Arms, asked: Request, plan: Plan) -> Prepared:
    """Take the sessions of two arms, their closing rates, and what covariates leave."""
    here = (sides.target | sides.other) & everyone.values.weights.any(axis=1)
    complete = ~np.isnan(everyone.covariates).any(axis=(1, 2))
    alone, middle = (one.only(here & complete, sides.target) for one in (everyone.values, everyone.middle))
    weighed, middle = (one.weighing_clusters_alike() if asked.clusters_alike else one for one in (alone, middle))
    rates, unsure = closing_rates(weighed, middle, plan)
    shown, pseudo = adjust(rates, everyone.covariates[here & complete])
    tested = pseudo.centred()
    separated: Mask = np.asarray(rates.weights.any(axis=0) & ~shown.weights.any(axis=0))
    units = alone.with_values(tested.values)
    return Prepared(shown, tested, units, unsure, separated, int(np.count_nonzero(here & ~complete)))
