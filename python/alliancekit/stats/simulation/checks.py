"""What a plan may hold, and the error that says which value is wrong."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from alliancekit.errors import ParameterError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alliancekit.stats.simulation.plan import SimulationPlan

LEVELS = ("therapist", "dyad", "session")
MINIMUM_TURNS = 4

_RANGES: dict[str, tuple[float, float]] = {
    "turns": (MINIMUM_TURNS, 1e6),
    "turns_cv": (0, 10),
    "sessions_per_dyad": (1, 1e6),
    "dyads_per_therapist": (1, 1e6),
    "sd": (0, math.inf),
    "role_correlation": (-1, 1),
    "autocorrelation": (-0.999, 0.999),
    "scale_correlation": (0, 1),
    "skew": (0, 20),
    "length_shift": (1e-3, 1e3),
    "sd_ratio": (0, 1e6),
    "coupling": (-1, 1),
    "icc": (0, 1),
    "slope_sd": (0, math.inf),
}
_CHOICES = {"therapists": ("nested", "crossed"), "distribution": ("gamma", "lognormal")}


def check_plan(plan: SimulationPlan) -> None:
    """Raise `ParameterError` for the first parameter of `plan` that is not allowed."""
    _check_conditions(plan)
    _check_scales(plan.scales)
    _check_names(plan)
    for name, (low, high) in _RANGES.items():
        _check_range(name, getattr(plan, name), low, high)
    for name in ("gap", "closing_rate", "level", "drift"):
        _check_range(name, getattr(plan, name), -math.inf, math.inf)
    for name, allowed in _CHOICES.items():
        if getattr(plan, name) not in allowed:
            raise ParameterError(f"{name} must be one of {', '.join(allowed)}; got {getattr(plan, name)!r}")
    if sum(plan.icc.values() if isinstance(plan.icc, Mapping) else [plan.icc]) >= 1:
        raise ParameterError("icc: the levels' shares must add to less than 1")


def _check_conditions(plan: SimulationPlan) -> None:
    if not plan.conditions:
        raise ParameterError("conditions must name at least one condition")
    for name, sessions in plan.conditions.items():
        if sessions < 1:
            raise ParameterError(f"conditions: {name!r} must have at least 1 session; got {sessions}")


def _check_scales(scales: tuple[str, ...]) -> None:
    if not scales or len(set(scales)) != len(scales) or "total" in scales:
        raise ParameterError(f"scales must be distinct names other than 'total'; got {scales!r}")


def _check_names(plan: SimulationPlan) -> None:
    conditions = tuple(plan.conditions)
    for name in ("gap", "closing_rate", "sd_ratio", "length_shift", "coupling"):
        value = getattr(plan, name)
        if isinstance(value, Mapping):
            _check_known(name, value, conditions)
            for inner in value.values():
                _check_known(name, inner if isinstance(inner, Mapping) else (), plan.scales)
    for name in ("icc", "slope_sd"):
        value = getattr(plan, name)
        _check_known(name, value if isinstance(value, Mapping) else (), LEVELS)


def _check_known(name: str, keys: Iterable[str], known: tuple[str, ...]) -> None:
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise ParameterError(f"{name}: unknown {unknown[0]!r}; known: {', '.join(known)}")


def _check_range(name: str, value: float | Mapping[str, object], low: float, high: float) -> None:
    if isinstance(value, Mapping):
        for inner in value.values():
            _check_range(name, inner, low, high)  # type: ignore[arg-type]
    elif math.isnan(value) or math.isinf(value) or not low <= value <= high:
        raise ParameterError(f"{name} must lie in [{low:g}, {high:g}]; got {value}")
