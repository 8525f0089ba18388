"""p of coupling: the two sides of a session against pairs that never met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import _native, schema
from alliancekit.stats.coupling.estimate import coupled
from alliancekit.stats.coupling.pairs import FEWEST_PARTNERS, Pairs, mismatched
from alliancekit.stats.inference.clusters import FEWEST, codes, too_few
from alliancekit.stats.inference.resample import in_chunks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.coupling.series import Series
    from alliancekit.stats.inference.resample import Plan

    Floats = NDArray[np.float64]

FEWEST_PAIRS: Final = 20
"""Distinct mismatched pairs below which there is no p."""

_TREND: Final = 2.0
_ADDITIONS: Final = 4


@dataclass(frozen=True, slots=True)
class Mismatch:
    """p of coupling and the coupling of mismatched pairs, NaN where there is none; and what to say about them."""

    p: float
    mean: float
    note: str | None


def against_mismatched(part: pl.DataFrame, cluster: str, series: Series, plan: Plan) -> Mismatch:
    """Test the coupling of one group on one scale against mismatched pairs of the same group.

    For session i with correlation r_i and weight W_i = √(var_p var_t), and its mismatched correlations r_ij over
    m_ij exchanges, the null spread is that of s_ij (r_ij - r̄_i): s_ij = √((m_ij - 2)/(m_i - 2)) gives it the
    spread of a correlation of m_i exchanges, r̄_i is the mean of the r_ij with weights s_ij. The statistic is the sum
    of W_i (r_i - r̄_i) over its cluster-robust standard error, so that sessions of unequal length and SD, clusters of
    several sessions, and coupling that differs between clusters do not make it too large. A replicate takes one
    partner at random for each session.

    Args:
        part: Session table of one group and scale.
        cluster: Its column of clusters.
        series: The scale's exchanges.
        plan: Resampling.

    """
    usable = part.filter(pl.Series(coupled(part))).sort(cluster, schema.SESSION_ID)
    if usable.height < FEWEST:
        return _nothing(f"{usable.height} sessions with enough exchanges, {FEWEST} are needed")
    pairs = mismatched(usable, series, plan)
    kept = pairs.counts >= FEWEST_PARTNERS
    usable, pairs = usable.filter(pl.Series(kept)), Pairs(pairs.correlations[kept], pairs.exchanges[kept])
    lacking = _lacking(usable, pairs, cluster)
    if lacking is not None:
        return _nothing(lacking)
    p, mean = _tested(usable, pairs, codes(usable[cluster]), plan)
    left = int(np.count_nonzero(~kept))
    return Mismatch(p, mean, f"{left} sessions without partners are not in the test of coupling" if left else None)


def _nothing(reason: str) -> Mismatch:
    return Mismatch(np.nan, np.nan, f"coupling is not tested: {reason}")


def _lacking(usable: pl.DataFrame, pairs: Pairs, cluster: str) -> str | None:
    """Say what is too few for a test."""
    if usable.height < FEWEST:
        return (
            f"{usable.height} sessions can be paired with others that share neither patient nor therapist, "
            f"{FEWEST} are needed"
        )
    distinct = int(pairs.counts.sum())
    if distinct < FEWEST_PAIRS:
        return f"{distinct} valid pairs, {FEWEST_PAIRS} are needed"
    clusters = usable[cluster].n_unique()
    return too_few(clusters) if clusters < FEWEST else None


def _tested(usable: pl.DataFrame, pairs: Pairs, clusters: NDArray[np.uint32], plan: Plan) -> tuple[float, float]:
    """Give p and the coupling of mismatched pairs."""
    correlation, patient, therapist, length = (
        usable[name].cast(pl.Float64).to_numpy() for name in ("congruence", "var_p", "var_t", "n_exchanges")
    )
    weights = np.sqrt(patient * therapist)
    centre, deviations = deviation(pairs, length)
    scaled = np.ascontiguousarray(weights[:, None] * deviations)
    counts = pairs.counts
    drawn = in_chunks(
        plan,
        plan.resamples,
        len(counts) * _ADDITIONS,
        lambda chunk: _native.coupling_studentised(scaled, counts, weights, clusters, chunk),
        1,
    )
    observed = statistic(weights * (correlation - centre), weights, clusters)
    reached = np.count_nonzero(drawn >= observed * (1.0 - 1e-9))
    mean = float((weights * centre).sum() / np.sqrt(patient.sum() * therapist.sum()))
    return (reached + 1) / (plan.resamples + 1), mean


def deviation(pairs: Pairs, length: Floats) -> tuple[Floats, Floats]:
    """Give each session's mean mismatched correlation, and its pairs' deviations from it.

    They are stretched to what a correlation of `length` exchanges would have, and to the variance of a session's own
    correlation about the mean of others, which is larger than theirs about their own mean: 1 + k/(Σs)² against
    1 + Σs²/(Σs)² - 2/k, with k pairs and s as in `against_mismatched`.
    """
    there = pairs.exchanges > 0
    count = np.count_nonzero(there, axis=1)
    stretch = np.sqrt(np.where(there, pairs.exchanges - _TREND, 0.0) / (length[:, None] - _TREND))
    values = np.where(there, pairs.correlations, 0.0)
    total = stretch.sum(axis=1)
    centre = (stretch * values).sum(axis=1) / total
    own = 1.0 + count / total**2
    theirs = 1.0 + (stretch**2).sum(axis=1) / total**2 - 2.0 / count
    return centre, np.sqrt(own / theirs)[:, None] * stretch * (values - centre[:, None])


def statistic(deviations: Floats, weights: Floats, clusters: NDArray[np.uint32]) -> float:
    """Give |t| of a sum of deviations with its cluster-robust standard error."""
    summed, mass = (np.bincount(clusters, weights=side) for side in (deviations, weights))
    residual = summed - mass * summed.sum() / mass.sum()
    factor = len(mass) / (len(mass) - 1.0)
    spread = float(np.sqrt(factor * (residual**2).sum()))
    return float(abs(summed.sum()) / spread) if spread > 0 else np.inf
