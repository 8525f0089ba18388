"""A plan's values as arrays: one row per condition, one column per scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from alliancekit.errors import ParameterError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.simulation.plan import PerCondition, PerConditionScale, PerLevel, SimulationPlan


def per_condition(plan: SimulationPlan, value: PerCondition, default: float) -> NDArray[np.float64]:
    """`value` for each condition in the plan's order: float64 [conditions]."""
    if isinstance(value, Mapping):
        return np.array([value.get(name, default) for name in plan.conditions], dtype=np.float64)
    return np.full(len(plan.conditions), float(value))


def per_condition_scale(plan: SimulationPlan, value: PerConditionScale) -> NDArray[np.float64]:
    """`value` for each condition and scale: float64 [conditions, scales]."""
    rows = [value.get(name, 0.0) if isinstance(value, Mapping) else value for name in plan.conditions]
    table = [[row.get(scale, 0.0) if isinstance(row, Mapping) else row for scale in plan.scales] for row in rows]
    return np.array(table, dtype=np.float64)


def per_level(value: PerLevel, level: str) -> float:
    """`value` at one of the levels; a bare number is the session's."""
    if isinstance(value, Mapping):
        return float(value.get(level, 0.0))
    return float(value) if level == "session" else 0.0


def gap_slopes(plan: SimulationPlan) -> NDArray[np.float64]:
    """Planted slope of the gap, -closing rate · sign(gap): float64 [conditions, scales]."""
    gap = per_condition_scale(plan, plan.gap)
    closing = per_condition_scale(plan, plan.closing_rate)
    if np.any((gap == 0) & (closing != 0)):
        raise ParameterError("closing_rate needs a gap other than 0: where there is no gap, nothing closes")
    return np.asarray(-closing * np.sign(gap), dtype=np.float64)
