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

    The score of role r (patient −, therapist +) on a scale at position u in [0, 1] is

    ``level + drift·(u − ½) + A ± ½·[gap + D + (B + S)·(u − ½)] + σ·√(1 − Σ icc)·e``

    with ``B = −closing_rate · sign(gap)`` and σ = `sd` × `sd_ratio` of the condition. A, D and S are sums of
    independent effects of the therapist, the dyad and the session; e is the turn's error. For each level l:

    - ``Var(A_l) = σ²·icc_l·(1 + role_correlation)/2``, common to both roles;
    - ``Var(D_l) = 2·σ²·icc_l·(1 − role_correlation)``, an effect on the gap, so that within a role the level holds
      the share ``icc_l`` of the variance of a turn, and two roles' effects correlate by `role_correlation`;
    - ``SD(S_l) = slope_sd_l × sd_ratio``, an effect on the slope of the gap (slope heterogeneity).

    Parameters
    ----------
    conditions
        Sessions of each condition. Conditions are assigned to dyads.
    turns, turns_cv, length_shift
        A session of condition c has ``turns · length_shift_c · exp(v·z − v²/2)`` turns of both roles together,
        rounded, at least 4, where z is standard normal and ``v² = ln(1 + turns_cv²)``. The roles alternate; the
        patient begins.
    sessions_per_dyad, dyads_per_therapist
        Sessions (numbered from 1) that one patient has, patients that one therapist sees.
    therapists
        ``nested``: a therapist's dyads are all of one condition. ``crossed``: dyads of all conditions are shuffled
        before they are dealt to therapists.
    scales
        Names of the scales; ``total`` is their mean.
    gap, closing_rate
        Planted therapist − patient at u = ½, and its closing rate (score per session length, positive closes).
    level, drift
        Mean score, and the slope over u that both roles have in common.
    sd, sd_ratio
        SD of a turn's score within a role, and the factor by which a condition's random parts are larger.
    icc, slope_sd
        Share of σ² by level, and SD of the gap's slope by level.
    role_correlation
        Correlation of the two roles' effects, −1 to 1.
    autocorrelation
        φ of ``e_i = φ·e_{i−1} + √(1 − φ²)·ε_i`` over a role's own turns; e has variance 1 at every turn.
    coupling
        Correlation of patient's and therapist's error in the same exchange (the i-th turn of each), −1 to 1.
    scale_correlation
        Correlation between scales of every random part (0 to 1): ``√ρ·common + √(1 − ρ)·own``.
    skew, distribution
        Skewness of each random draw before scales are mixed: a ``gamma`` or ``lognormal``, shifted and scaled to
        mean 0 and SD 1; 0 is normal.

    Raises
    ------
    ParameterError
        A value is out of range, a name is not a condition, scale or level, or a closing rate stands where the gap
        is 0 and has no sign.
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
