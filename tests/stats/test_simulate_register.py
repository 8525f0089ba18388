"""A register shift between the roles, under each method: overall gaps move, contrasts and slopes do not."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from alliancekit.errors import ParameterError
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.register import (
    BALANCED_KEY,
    PUBLISHED_KEY,
    Key,
    Method,
    compile_method,
    item_vectors,
    simulate_register,
)

PLAN = SimulationPlan({"a": 150, "b": 150}, turns=20, gap={"b": 0.8}, closing_rate={"b": 0.6}, icc=0.02)
SCALES = ("task", "bond", "goal")
METHODS: tuple[Method, ...] = ("signed-sum", "keyed-mean", "contrast")
SHIFT = 0.05


def _gaps(method: Method, key: Key, shift: float) -> dict[str, tuple[float, float, float]]:
    """By scale: the gap of condition a, the contrast of b with it, the slope of b's gap."""
    turns = simulate_register(PLAN, shift=shift, method=method, key=key, dimensions=64, seed=5)
    side = pl.when(pl.col("role") == "therapist").then(2.0).otherwise(-2.0)
    u = pl.col("turn_index") / 19 - 0.5
    table = turns.group_by("condition").agg(
        *((pl.col(scale) * side).mean().alias(f"gap_{scale}") for scale in SCALES),
        *(((pl.col(scale) * side * u).mean() / (u**2).mean()).alias(f"slope_{scale}") for scale in SCALES),
    )
    rows = {row["condition"]: row for row in table.to_dicts()}
    a, b = rows["a"], rows["b"]
    return {s: (a[f"gap_{s}"], b[f"gap_{s}"] - a[f"gap_{s}"], b[f"slope_{s}"]) for s in SCALES}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("key", [PUBLISHED_KEY, BALANCED_KEY])
def test_overall_gap_moves_by_the_imbalance_of_the_key(method: Method, key: Key) -> None:
    plain, shifted = _gaps(method, key, 0.0), _gaps(method, key, SHIFT)
    for scale, (positive, negative) in key.items():
        expected = (positive - negative) * SHIFT if method == "signed-sum" else 0.0
        assert shifted[scale][0] - plain[scale][0] == pytest.approx(expected, abs=0.004)


@pytest.mark.parametrize("method", METHODS)
def test_contrasts_and_slopes_keep_their_value(method: Method) -> None:
    plain, shifted = _gaps(method, PUBLISHED_KEY, 0.0), _gaps(method, PUBLISHED_KEY, SHIFT)
    for scale in SCALES:
        assert plain[scale][1] > 0
        assert shifted[scale][1:] == pytest.approx(plain[scale][1:], rel=0.01)


def test_items_are_unit_vectors_with_the_key() -> None:
    items = item_vectors(PUBLISHED_KEY, 64, 1)
    assert np.linalg.norm(items.agree, axis=1) == pytest.approx(1.0)
    assert [int(items.key[items.scale == code].sum()) for code in range(3)] == [2, 6, 0]


@pytest.mark.parametrize("method", METHODS)
def test_a_compiled_method_is_its_definition(method: Method) -> None:
    items = item_vectors(PUBLISHED_KEY, 64, 2)
    turn = np.random.Generator(np.random.Philox(key=[3, 3])).standard_normal(64)
    agree, disagree = items.agree @ turn, items.disagree @ turn
    for code, got in enumerate(turn @ compile_method(items, method)):
        mine = items.scale == code
        up, down = mine & (items.key > 0), mine & (items.key < 0)
        expected = {
            "signed-sum": agree[up].sum() - agree[down].sum(),
            "keyed-mean": agree[up].mean() - agree[down].mean(),
            "contrast": (items.key * (agree - disagree))[mine].mean(),
        }
        assert got == pytest.approx(expected[method], rel=1e-12)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"shift": 0.5}, "shift"),
        ({"method": "sum"}, "method"),
        ({"dimensions": 8}, "dimensions"),
        ({"key": {"task": (1, 1)}}, "key"),
        ({"key": {"task": (0, 0), "bond": (1, 1), "goal": (1, 1)}}, "key"),
    ],
)
def test_a_wrong_parameter_is_named(options: dict[str, object], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        simulate_register({"a": 2}, **options)  # type: ignore[arg-type]
