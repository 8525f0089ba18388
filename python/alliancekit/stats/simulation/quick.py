"""The session table of a simulated corpus, straight from its arrays: for thousands of corpora.

The numbers are those of ``ak.sessions(simulate(plan, seed=seed))``; only the frame of turns between is left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.errors import ParameterError
from alliancekit.stats.reduction.turns import FIFTHS, INNER, OUTER
from alliancekit.stats.simulation import turns as turn_scores
from alliancekit.stats.simulation.draws import stream
from alliancekit.stats.simulation.effects import session_means
from alliancekit.stats.simulation.layout import labels, lay_out

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.simulation.plan import SimulationPlan

_BLOCKS: Final = ("outer", "inner", *FIFTHS)
_PARTS: Final = ("mean", "slope", "mid", *_BLOCKS)
FEWEST_TURNS: Final = 12
"""Turns with which every block and line of `alliancekit.sessions` has a value."""


def simulate_sessions(plan: SimulationPlan, *, seed: int = 0) -> pl.DataFrame:
    """Simulate a session table: what `alliancekit.sessions` makes of `simulate`, without `total`.

    Args:
        plan: Its sessions need 12 turns or more.
        seed: As in `simulate`.

    Returns:
        A row per session and scale, sorted: ``session_id``, ``scale``, the labels, ``patient_mean``,
        ``therapist_mean``, ``patient_slope``, ``therapist_slope``, ``gap``, ``gap_slope``, ``gap_mid``,
        ``gap_start``, ``gap_end``, ``gap_outer``, ``gap_inner``, ``gap_product``, ``gap_product_early``,
        ``gap_product_late`` Float64, ``n_patient``, ``n_therapist`` UInt32, ``reason`` (null).

    Raises:
        ParameterError: A session has fewer than 12 turns.

    Example:
        >>> from alliancekit import SimulationPlan
        >>> from alliancekit.stats.simulation.quick import simulate_sessions
        >>> simulate_sessions(SimulationPlan({"anxiety": 10}, turns=20), seed=1).height
        30

    """
    layout = lay_out(plan, seed)
    if layout.turns.min() < FEWEST_TURNS:
        raise ParameterError(f"turns: a session has {layout.turns.min()}; simulate_sessions needs {FEWEST_TURNS}")
    means = session_means(plan, layout, seed)
    blocks = []
    for start in range(0, len(layout), turn_scores.BLOCK):
        rows = slice(start, start + turn_scores.BLOCK)
        generator = stream(seed, turn_scores.FIRST_BLOCK_STREAM + start // turn_scores.BLOCK)
        scores = turn_scores.block_scores(plan, layout, means, generator, rows)
        blocks.append(_reduced(scores, layout.turns[rows]))
    return _table(plan, np.concatenate(blocks), labels(plan, layout), layout.turns)


def _reduced(scores: NDArray[np.float32], turns: NDArray[np.int64]) -> NDArray[np.float64]:
    """Sum each session's turns with the weights of its length: [sessions, role and part, scales]."""
    result = np.empty((len(scores), 2 * len(_PARTS), scores.shape[2]))
    for length in np.unique(turns):
        mine = turns == length
        result[mine] = np.einsum("stk,tf->sfk", scores[mine, :length].astype(np.float64), _weights(int(length)))
    return result


def _weights(length: int) -> NDArray[np.float64]:
    """Each statistic as weights on a session's turns: [turns, role and part]."""
    x = np.arange(length) / (length - 1) - 0.5
    masks = _blocks(x)
    columns = []
    for role in range(len(schema.ROLES)):
        mine = np.arange(length) % 2 == role
        mean = mine / mine.sum()
        about = np.where(mine, x - mean @ x, 0.0)
        slope = about / (about @ about)
        blocks = [mine & mask for mask in masks]
        columns += [mean, slope, mean - slope * (mean @ x), *[block / block.sum() for block in blocks]]
    return np.stack(columns, axis=1)


def _blocks(x: NDArray[np.float64]) -> list[NDArray[np.bool_]]:
    """Which turns are in each of `_BLOCKS`."""
    outer = (x < OUTER[0] - 0.5) | (x > OUTER[1] - 0.5)
    inner = (x > INNER[0] - 0.5) & (x < INNER[1] - 0.5)
    bounds = np.array(list(FIFTHS.values()))[:, :, None] - 0.5
    early = (x >= bounds[:2, 0]) & (x < bounds[:2, 1])
    late = (x > bounds[2:, 0]) & (x <= bounds[2:, 1])
    return [outer, inner, *early, *late]


def _table(
    plan: SimulationPlan, reduced: NDArray[np.float64], names: pl.DataFrame, turns: NDArray[np.int64]
) -> pl.DataFrame:
    scales = len(plan.scales)
    patient, therapist = (
        dict(zip(_PARTS, np.moveaxis(half, 1, 0), strict=True)) for half in np.split(reduced, 2, axis=1)
    )
    gap = {part: (therapist[part] - patient[part]).ravel() for part in _PARTS}
    rows = np.repeat(np.arange(names.height), scales)
    each = np.repeat(turns, scales)
    return names[rows].with_columns(
        pl.Series(schema.SCALE, plan.scales * names.height),
        pl.Series("patient_mean", patient["mean"].ravel()),
        pl.Series("therapist_mean", therapist["mean"].ravel()),
        pl.Series("patient_slope", patient["slope"].ravel()),
        pl.Series("therapist_slope", therapist["slope"].ravel()),
        pl.Series("gap", gap["mean"]),
        *(pl.Series(f"gap_{part}", gap[part]) for part in ("slope", "outer", "inner", "mid")),
        pl.Series("gap_start", gap["mid"] - gap["slope"] / 2),
        pl.Series("gap_end", gap["mid"] + gap["slope"] / 2),
        pl.Series("gap_product", gap["outer"] * gap["inner"]),
        pl.Series("gap_product_early", gap["early_edge"] * gap["early_core"]),
        pl.Series("gap_product_late", gap["late_core"] * gap["late_edge"]),
        pl.Series("n_patient", (each + 1) // 2, dtype=pl.UInt32),
        pl.Series("n_therapist", each // 2, dtype=pl.UInt32),
        pl.lit(None, dtype=pl.String).alias("reason"),
    )
