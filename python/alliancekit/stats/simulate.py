"""Score-level corpora with planted effects, for planning studies and for testing what the statistics promise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import polars as pl

from alliancekit import schema
from alliancekit.errors import ParameterError
from alliancekit.stats.simulation.effects import session_means
from alliancekit.stats.simulation.layout import labels, lay_out
from alliancekit.stats.simulation.plan import PlanOptions, SimulationPlan
from alliancekit.stats.simulation.turns import BLOCK, block_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LABELS = (schema.CONDITION, schema.PATIENT_ID, schema.THERAPIST_ID, schema.SESSION_NUMBER)


def simulate(
    conditions: Mapping[str, int] | SimulationPlan, *, seed: int = 0, **options: Unpack[PlanOptions]
) -> pl.DataFrame:
    """Simulate a corpus of turn scores whose true values are known.

    The model, its parameters and their defaults are those of `SimulationPlan`; `simulation_truth` gives the true
    gap, misalignment, closing rate and coupling of a plan.

    Args:
        conditions: Sessions of each condition, or a whole plan (then without `options`).
        seed: Non-negative. The corpus is a function of the plan and the seed alone (a Philox stream for each part).
        **options: Fields of `SimulationPlan`.

    Returns:
        A row per turn, sorted: ``session_id`` String, ``turn_index`` Int64, ``role``, ``condition``, ``patient_id``,
        ``therapist_id`` String, ``session_number``, ``n_tokens`` Int64, ``truncated`` Boolean, then each scale and
        ``total`` Float32.

    Raises:
        ParameterError: A parameter is not allowed; the message names it.

    Example:
        >>> import alliancekit as ak
        >>> turns = ak.simulate({"anxiety": 40, "suicidality": 12}, gap={"suicidality": 0.3}, icc=0.05, seed=1)
        >>> turns.height
        3120
        >>> turns.columns[:3], turns.columns[-4:]
        (['session_id', 'turn_index', 'role'], ['task', 'bond', 'goal', 'total'])

    """
    return pl.concat(simulate_batches(conditions, seed=seed, **options))


def simulate_batches(
    conditions: Mapping[str, int] | SimulationPlan, *, seed: int = 0, **options: Unpack[PlanOptions]
) -> Iterator[pl.DataFrame]:
    """Yield the corpus of `simulate` in frames of 4,096 whole sessions: for more turns than memory holds.

    Example:
        >>> from alliancekit.stats.simulate import simulate_batches
        >>> [batch.height for batch in simulate_batches({"anxiety": 5000}, turns=10)]
        [40960, 9040]

    """
    plan = as_plan(conditions, options)
    if seed < 0:
        raise ParameterError(f"seed must not be negative; got {seed}")
    return _batches(plan, seed)


def as_plan(conditions: Mapping[str, int] | SimulationPlan, options: PlanOptions) -> SimulationPlan:
    """Return the plan that was given, or the plan that these options make."""
    if not isinstance(conditions, SimulationPlan):
        return SimulationPlan(conditions, **options)
    if options:
        raise ParameterError(f"options stand beside a whole plan: {', '.join(options)}; use dataclasses.replace")
    return conditions


def _batches(plan: SimulationPlan, seed: int) -> Iterator[pl.DataFrame]:
    layout = lay_out(plan, seed)
    means, names = session_means(plan, layout, seed), labels(plan, layout)
    for start in range(0, len(layout), BLOCK):
        yield _labelled(block_frame(plan, layout, means, seed, start), names, plan)


def _labelled(block: pl.DataFrame, names: pl.DataFrame, plan: SimulationPlan) -> pl.DataFrame:
    rows = block["session"]
    columns = [pl.Series(name, names[name].gather(rows)) for name in (schema.SESSION_ID, *_LABELS)]
    return block.with_columns(columns).select(
        schema.SESSION_ID,
        schema.TURN_INDEX,
        schema.ROLE,
        *_LABELS,
        schema.N_TOKENS,
        schema.TRUNCATED,
        *plan.scales,
        schema.TOTAL,
    )
