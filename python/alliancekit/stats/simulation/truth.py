"""The true values of what is estimated, for a plan and for a drawn corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.stats.simulation import checks, values
from alliancekit.stats.simulation.effects import effect_sds
from alliancekit.stats.simulation.reliability import signal_variance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.simulation.plan import SimulationPlan


def simulation_truth(plan: SimulationPlan) -> pl.DataFrame:
    r"""Tell what estimates from a plan's corpora should come back to: a row per condition and scale.

    - ``gap``: the bias, E(gap of a session at u = ½);
    - ``gap_sd``: SD of the sessions' true gaps, ``√Σ_l Var(D_l)`` * SD ratio;
    - ``misalignment``: ``√(gap² + gap_sd²)``, the root of the mean squared true gap;
    - ``closing_rate``, ``gap_slope`` = -closing_rate · sign(gap), ``gap_start`` and ``gap_end`` at u = 0 and 1;
    - ``slope_sd``: SD of the sessions' true gap slopes;
    - ``coupling``: correlation of the two roles' errors in one exchange.

    Units: score; slopes are score per session length; coupling is unitless. All Float64. ``total`` is the mean of
    the scales, its spreads shrunk by their correlation. A closing rate is null where the gap is 0.

    Example:
        >>> from alliancekit import SimulationPlan
        >>> plan = SimulationPlan({"anxiety": 9}, gap={"anxiety": 0.3}, closing_rate=0.1, icc=0.08)
        >>> simulation_truth(plan).select("scale", "misalignment", "gap_end").row(0)
        ('task', 0.5, 0.25)

    """
    gap, slope = (_with_total(part) for part in (values.per_condition_scale(plan, plan.gap), values.gap_slopes(plan)))
    spread = _with_total_sd(plan, signal_variance(plan, "gap") ** 0.5)
    slope_sd = _with_total_sd(plan, sum(effect_sds(plan, level)[2] ** 2 for level in checks.LEVELS) ** 0.5)
    shape = gap.shape
    closing = np.where(gap == 0, np.nan, -slope * np.sign(gap))
    coupling = np.broadcast_to(values.per_condition(plan, plan.coupling, 0.0)[:, None], shape)
    columns = {
        "gap": gap,
        "gap_sd": spread,
        "misalignment": np.sqrt(gap**2 + spread**2),
        "closing_rate": closing,
        "gap_slope": slope,
        "gap_start": gap - slope / 2,
        "gap_end": gap + slope / 2,
        "slope_sd": slope_sd,
        "coupling": coupling,
    }
    scales = (*plan.scales, schema.TOTAL)
    keys = {
        schema.CONDITION: [name for name in plan.conditions for _ in scales],
        schema.SCALE: scales * len(plan.conditions),
    }
    table = pl.DataFrame({**keys, **{name: column.ravel() for name, column in columns.items()}})
    return table.with_columns(pl.col("closing_rate").fill_nan(None))


def _with_total(table: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack([table, table.mean(axis=1)])


def _with_total_sd(plan: SimulationPlan, sd: float) -> NDArray[np.float64]:
    """Give an SD to conditions and scales; the mean of k scales correlating r has ``√((1 + (k - 1)r)/k)`` of one's."""
    k = len(plan.scales)
    shrink = ((1 + (k - 1) * plan.scale_correlation) / k) ** 0.5
    ratio = values.per_condition(plan, plan.sd_ratio, 1.0)
    return np.outer(ratio * sd, [*[1.0] * k, shrink])
