"""What a simulated corpus is made of: one frozen plan, every parameter with its formula."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypedDict

from alliancekit import schema
from alliancekit.stats.simulation import checks

PerCondition = float | Mapping[str, float]
"""One value for all conditions, or a value by condition (a condition that is not named takes the default)."""

PerConditionScale = float | Mapping[str, float | Mapping[str, float]]
"""As `PerCondition`, where a condition's value may be a mapping by scale (a scale that is not named takes 0)."""

PerLevel = float | Mapping[str, float]
"""A value for the session level, or a value by level: ``therapist``, ``dyad``, ``session`` (otherwise 0)."""

Therapists = Literal["nested", "crossed"]
Distribution = Literal["gamma", "lognormal"]


class PlanOptions(TypedDict, total=False):
    """The keyword arguments of `SimulationPlan`, for functions that pass them on."""

    turns: int
    turns_cv: float
    length_shift: PerCondition
    sessions_per_dyad: int
    dyads_per_therapist: int
    therapists: Therapists
    scales: tuple[str, ...]
    gap: PerConditionScale
    closing_rate: PerConditionScale
    level: float
    drift: float
    sd: float
    sd_ratio: PerCondition
    icc: PerLevel
    role_correlation: float
    slope_sd: PerLevel
    autocorrelation: float
    coupling: PerCondition
    scale_correlation: float
    skew: float
    distribution: Distribution


@dataclass(frozen=True)
class SimulationPlan:
    r"""A corpus to simulate.

    The score of role r (patient -, therapist +) on a scale at position u in [0, 1] is

    ``level + drift·(u - ½) + A ± ½·[gap + D + (B + S)·(u - ½)] + s·√(1 - Σ icc)·e``

    with ``B = -closing_rate · sign(gap)`` and s = `sd` * `sd_ratio` of the condition. A, D and S are sums of
    independent effects of the therapist, the dyad and the session; e is the turn's error. For each level l:

    - ``Var(A_l) = s²·icc_l·(1 + role_correlation)/2``, common to both roles;
    - ``Var(D_l) = 2·s²·icc_l·(1 - role_correlation)``, an effect on the gap, so that within a role the level holds
      the share ``icc_l`` of the variance of a turn, and two roles' effects correlate by `role_correlation`;
    - ``SD(S_l) = slope_sd_l * sd_ratio``, an effect on the slope of the gap (slope heterogeneity).

    Args:
        conditions: Sessions of each condition. Conditions are assigned to dyads.
        turns: Turns of both roles together; they alternate, the patient begins.
        turns_cv: Coefficient of variation of the length: a session of condition c has ``turns · length_shift_c ·
            exp(v·z - v²/2)`` turns, rounded, at least 4; z is standard normal, ``v² = ln(1 + turns_cv²)``.
        length_shift: Factor by which a condition's sessions are longer.
        sessions_per_dyad: Sessions (numbered from 1) that one patient has.
        dyads_per_therapist: Patients that one therapist sees.
        therapists: ``nested``: a therapist's dyads are all of one condition. ``crossed``: dyads of all conditions
            are shuffled before they are dealt to therapists.
        scales: Names of the scales; ``total`` is their mean.
        gap: Planted therapist - patient at u = ½.
        closing_rate: Its planted closing rate (score per session length; positive closes).
        level: Mean score.
        drift: Slope over u that both roles have in common.
        sd: SD of a turn's score within a role.
        sd_ratio: Factor by which a condition's random parts are larger.
        icc: Share of the variance of a turn at each level.
        role_correlation: Correlation of the two roles' effects, -1 to 1.
        slope_sd: SD of the gap's slope at each level.
        autocorrelation: f of ``e_i = f·e_{i-1} + √(1 - f²)·ε_i`` over a role's own turns; e has variance 1 throughout.
        coupling: Correlation of the two roles' errors in an exchange (the i-th turn of each), -1 to 1.
        scale_correlation: Correlation between scales of every random part, 0 to 1: ``√r·common + √(1 - r)·own``.
        skew: Skewness of each random draw before scales are mixed; 0 is normal.
        distribution: A ``gamma`` or ``lognormal`` of that skewness, shifted and scaled to mean 0 and SD 1.

    Raises:
        ParameterError: A value is out of range, a name is not a condition, scale or level, or the levels' shares
            add to 1 or more.

    """

    conditions: Mapping[str, int]
    turns: int = 60
    turns_cv: float = 0.0
    length_shift: PerCondition = 1.0
    sessions_per_dyad: int = 1
    dyads_per_therapist: int = 1
    therapists: Therapists = "nested"
    scales: tuple[str, ...] = schema.DEFAULT_SCALES[:-1]
    gap: PerConditionScale = 0.0
    closing_rate: PerConditionScale = 0.0
    level: float = 0.0
    drift: float = 0.0
    sd: float = 1.0
    sd_ratio: PerCondition = 1.0
    icc: PerLevel = 0.1
    role_correlation: float = 0.0
    slope_sd: PerLevel = 0.0
    autocorrelation: float = 0.0
    coupling: PerCondition = 0.0
    scale_correlation: float = 0.5
    skew: float = 0.0
    distribution: Distribution = "gamma"

    def __post_init__(self) -> None:
        checks.check_plan(self)
