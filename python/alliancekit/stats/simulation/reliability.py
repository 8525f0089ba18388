"""Reliability of a session's scores, as the plan predicts it, and how many turns a wanted reliability needs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from alliancekit.errors import ParameterError
from alliancekit.stats.simulation import checks, values
from alliancekit.stats.simulation.effects import effect_sds, error_sd

if TYPE_CHECKING:
    from alliancekit.stats.simulation.plan import SimulationPlan

Score = Literal["role", "gap"]


def inflation(turns: float, phi: float) -> float:
    r"""Variance of the mean of n turns with AR(1) errors, relative to independent ones: float, unitless.

    ``1 + 2·Σ_{k=1}^{n-1} (1 - k/n)·φ^k = (1 + φ)/(1 - φ) - 2φ(1 - φⁿ)/(n(1 - φ)²)``

    Example:
        >>> round(inflation(2, 0.5), 6)
        1.5

    """
    return float((1 + phi) / (1 - phi) - 2 * phi * (1 - phi**turns) / (turns * (1 - phi) ** 2))


def reliability(plan: SimulationPlan, *, turns: int | None = None, score: Score = "role") -> float:
    r"""Predicted reliability of a session's score: float in [0, 1].

    The share of the variance between sessions of one condition that is not turn noise, ``τ² / (τ² + σ²_e·f/n)``
    with n the turns of a role, f `inflation`, and τ² what therapist, dyad and session add up to. For the ``gap``
    both roles' noise counts, less what coupling shares: ``2·(1 - c)·σ²_e·f/n``. Spearman and Brown's formula is the
    case f = 1. Slopes average out over the session and are left out.

    Args:
        plan: Its levels' shares, autocorrelation and coupling (of the first condition).
        turns: Turns of both roles together; by default the plan's.
        score: ``role``: the mean of one role's turns; ``gap``: therapist - patient.

    Raises:
        ParameterError: `turns` is below 2, the smallest number in which each role speaks.

    Example:
        >>> from alliancekit import SimulationPlan
        >>> round(reliability(SimulationPlan({"anxiety": 10}, icc=0.1, turns=60)), 3)
        0.769

    """
    total = plan.turns if turns is None else turns
    if total < 2:  # noqa: PLR2004 - one turn a role
        raise ParameterError(f"turns must be at least 2; got {total}")
    signal = signal_variance(plan, score)
    each = total / 2
    noise = error_sd(plan) ** 2 * inflation(each, plan.autocorrelation) / each
    if score == "gap":
        noise *= 2 * (1 - float(values.per_condition(plan, plan.coupling, 0.0)[0]))
    return signal / (signal + noise) if signal else 0.0


def turns_for_reliability(plan: SimulationPlan, target: float = 0.8, *, score: Score = "role") -> int | None:
    """Find the fewest turns (of both roles, an even number) with `reliability` of `target`; null where none is enough.

    Example:
        >>> from alliancekit import SimulationPlan
        >>> turns_for_reliability(SimulationPlan({"anxiety": 10}, icc=0.1))
        72

    """
    if not 0 < target < 1:
        raise ParameterError(f"target must lie between 0 and 1; got {target}")
    if not signal_variance(plan, score):
        return None
    low, high = 1, 2
    while reliability(plan, turns=2 * high, score=score) < target:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reliability(plan, turns=2 * middle, score=score) >= target else (middle, high)
    return 2 * low if reliability(plan, turns=2 * low, score=score) >= target else 2 * high


def signal_variance(plan: SimulationPlan, score: Score) -> float:
    """Variance of the expected session score over sessions of a condition with an SD ratio of 1."""
    parts = [effect_sds(plan, level) for level in checks.LEVELS]
    if score == "gap":
        return math.fsum(gap**2 for _, gap, _ in parts)
    return math.fsum(shared**2 + gap**2 / 4 for shared, gap, _ in parts)
