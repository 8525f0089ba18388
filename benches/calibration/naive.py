"""What is usual and wrong: turns tested as if they were independent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from benches.calibration.cells import TARGET
from benches.calibration.intervals import ALPHA
from scipy import stats  # type: ignore[import-untyped]  # it ships no types

from alliancekit.stats.simulate import simulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.simulation.plan import SimulationPlan

    Floats = NDArray[np.float64]


def naive_rejections(plan: SimulationPlan, seed: int) -> dict[str, Floats]:
    """Test turns by Welch's t (gap, compare, one role's scores) and by least squares over u (closing)."""
    turns = simulate(plan, seed=seed)
    shape = (-1, plan.turns // 2, 2, len(plan.scales))
    pairs = turns.select(plan.scales).to_numpy().astype(np.float64).reshape(shape)
    is_target = turns["condition"].to_numpy()[:: plan.turns] == TARGET
    patient, therapist = pairs[:, :, 0], pairs[:, :, 1]
    gaps = therapist - patient
    return {
        "gap target": _welch(therapist[is_target], patient[is_target]),
        "compare gap": _welch(gaps[is_target], gaps[~is_target]),
        "closing target": _slope(gaps[is_target]),
        "compare patient": _welch(patient[is_target], patient[~is_target]),
    }


def _welch(first: Floats, second: Floats) -> Floats:
    scales = first.shape[-1]
    test: Any = stats.ttest_ind(first.reshape(-1, scales), second.reshape(-1, scales), equal_var=False)
    return np.asarray(test.pvalue <= ALPHA, dtype=np.float64)


def _slope(gaps: Floats) -> Floats:
    position = np.broadcast_to(np.linspace(0, 1, gaps.shape[1]), gaps.shape[:2]).ravel()
    flat = gaps.reshape(len(position), -1)
    tests: list[Any] = [stats.linregress(position, column) for column in flat.T]
    return np.array([float(test.pvalue <= ALPHA) for test in tests])
