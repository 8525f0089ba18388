"""Effects of therapists, dyads and sessions on the level, the gap and the gap's slope."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alliancekit.stats.simulation import checks, values
from alliancekit.stats.simulation.draws import correlated, stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.simulation.layout import Layout
    from alliancekit.stats.simulation.plan import SimulationPlan

FIRST_EFFECT_STREAM = 1


@dataclass(frozen=True)
class SessionMeans:
    """What a session's turns vary around, float64 [sessions, scales], and the SD of its turns' errors [sessions].

    The expected score of a role at u is ``shared + drift·(u - ½) ± ½·[gap + slope·(u - ½)]``.
    """

    shared: NDArray[np.float64]
    gap: NDArray[np.float64]
    slope: NDArray[np.float64]
    error_sd: NDArray[np.float64]


def session_means(plan: SimulationPlan, layout: Layout, seed: int) -> SessionMeans:
    """Draw every effect and add the planted values."""
    ratio = values.per_condition(plan, plan.sd_ratio, 1.0)[layout.condition]
    shared, gap, slope = (np.zeros((len(layout), len(plan.scales))) for _ in range(3))
    for index, (level, codes) in enumerate(_levels(layout)):
        sds = effect_sds(plan, level)
        drawn = correlated(stream(seed, FIRST_EFFECT_STREAM + index), plan, (int(codes.max()) + 1, 3))
        for part, target in enumerate((shared, gap, slope)):
            np.add(target, sds[part] * ratio[:, None] * drawn[codes, part], out=target)
    return SessionMeans(
        shared + plan.level,
        gap + values.per_condition_scale(plan, plan.gap)[layout.condition],
        slope + values.gap_slopes(plan)[layout.condition],
        ratio * error_sd(plan),
    )


def effect_sds(plan: SimulationPlan, level: str) -> tuple[float, float, float]:
    """Return the SDs of a level's effects A (shared), D (gap) and S (slope) at an SD ratio of 1."""
    share, rho = values.per_level(plan.icc, level), plan.role_correlation
    shared = plan.sd * (share * (1 + rho) / 2) ** 0.5
    return shared, plan.sd * (2 * share * (1 - rho)) ** 0.5, values.per_level(plan.slope_sd, level)


def error_sd(plan: SimulationPlan) -> float:
    """Return the SD of a turn's error, ``sd · √(1 - Σ icc)``, at an SD ratio of 1."""
    share = sum(values.per_level(plan.icc, level) for level in checks.LEVELS)
    return float(plan.sd * (1 - share) ** 0.5)


def _levels(layout: Layout) -> tuple[tuple[str, NDArray[np.int64]], ...]:
    codes = (layout.therapist, layout.dyad, np.arange(len(layout)))
    return tuple(zip(checks.LEVELS, codes, strict=True))
