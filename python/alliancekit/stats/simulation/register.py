"""A corpus of embeddings whose roles differ along one direction (register), scored by each method.

What it is for: a difference of wording or register between patients and therapists moves every similarity alike.
The methods turn that into an overall "gap" of very different size; contrasts between conditions and slopes cancel it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, Unpack

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.errors import ParameterError
from alliancekit.stats.simulate import as_plan, simulate
from alliancekit.stats.simulation.draws import stream

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.stats.simulation.plan import PlanOptions, SimulationPlan

Method = Literal["signed-sum", "keyed-mean", "contrast"]
Key = Mapping[str, tuple[int, int]]
"""Positively and negatively keyed items of each scale."""

PUBLISHED_KEY: Final[Key] = {"task": (7, 5), "bond": (9, 3), "goal": (6, 6)}
BALANCED_KEY: Final[Key] = {"task": (6, 6), "bond": (6, 6), "goal": (6, 6)}

_ITEM_HALF = 0.5
"""Every item vector is four orthogonal parts of this length (topic, register, pole, its own), so of unit norm."""
_TURN_PART = 0.7
"""Length of a turn's topic and of its noise; with the poles a turn's norm is about 1 before scaling."""
_LATENT = 0.1
_MOST_SHIFT = 0.4
_LEAST_DIMENSIONS = 16
_ITEM_STREAM = 1 << 32
_NOISE_STREAM = _ITEM_STREAM + 1
_ROWS = 16_384


@dataclass(frozen=True)
class ItemVectors:
    """An inventory as unit vectors: `agree` and `disagree` float64 [items, d], `key` ±1 and `scale` code [items]."""

    agree: NDArray[np.float64]
    disagree: NDArray[np.float64]
    key: NDArray[np.float64]
    scale: NDArray[np.int64]


def simulate_register(  # noqa: PLR0913 - each is a parameter of the model
    conditions: Mapping[str, int] | SimulationPlan,
    *,
    shift: float = 0.0,
    method: Method = "contrast",
    key: Key = PUBLISHED_KEY,
    dimensions: int = 384,
    seed: int = 0,
    **options: Unpack[PlanOptions],
) -> pl.DataFrame:
    r"""Simulate turns as embeddings whose roles differ in register, and score them as an inventory would.

    The latent scores z of `simulate` (same plan, same seed) are placed in an embedding of d dimensions:
    ``e ∝ 0.7·topic + 0.1·Σ_k z_k·pole_k ± shift·register + 0.7·noise``, scaled to unit norm, with the sign of the role
    (therapist +); topic, register and the scales' poles are orthonormal, the noise is a random direction orthogonal
    to them. The `agree` vector of an item is ``½·(topic + register + key·pole_k + own direction)``; its `disagree`
    vector has the pole's sign turned and a direction of its own. So the register raises the therapists' cosine to
    *every* sentence, agreeing or not, by about `shift` over the patients'.

    Scores are those of design §3: ``signed-sum`` Σ key·cos(e, agree); ``keyed-mean`` the mean over positive minus
    the mean over negative items; ``contrast`` the mean of key·(cos(e, agree) - cos(e, disagree)). With n₊ and n₋
    items, `shift` adds (n₊ - n₋)·shift to a scale's overall gap under ``signed-sum``, and next to nothing under the
    other two. Conditions' differences in gap and the gap's slopes keep their value under each method.

    Args:
        conditions: As in `simulate`; the plan's scales must be those of `key`.
        shift: Difference in mean similarity, therapist - patient, that register makes (units of cosine; -0.4 to 0.4).
        method: How similarities become scores.
        key: Items of each scale as (positive, negative).
        dimensions: d, at least 16.
        seed: As in `simulate`.
        **options: As in `simulate`.

    Returns:
        The columns of `simulate`, the scores being those of the embeddings (Float32; cosines, not units of z).

    Raises:
        ParameterError: A parameter is out of range or `key` names other scales than the plan.

    Example:
        >>> from alliancekit.stats.simulation.register import simulate_register
        >>> turns = simulate_register({"anxiety": 2}, shift=0.05, method="signed-sum", dimensions=32, turns=10)
        >>> turns.height, turns["task"].dtype
        (20, Float32)

    """
    plan = as_plan(conditions, options)
    _check(plan, shift, key, dimensions)
    if method not in ("signed-sum", "keyed-mean", "contrast"):
        raise ParameterError(f"method must be one of signed-sum, keyed-mean, contrast; got {method!r}")
    turns = simulate(plan, seed=seed)
    weights = compile_method(item_vectors(key, dimensions, seed), method)
    scores = _scores(turns, plan.scales, shift, weights, seed)
    total = scores.sum(axis=1) if method == "signed-sum" else scores.mean(axis=1)
    columns = dict(zip((*plan.scales, schema.TOTAL), [*scores.T, total], strict=True))
    return turns.with_columns(pl.Series(name, column, dtype=pl.Float32) for name, column in columns.items())


def item_vectors(key: Key, dimensions: int, seed: int) -> ItemVectors:
    """Draw an inventory of the given structure."""
    signs = np.concatenate([np.repeat([1.0, -1.0], counts) for counts in key.values()])
    scale = np.repeat(np.arange(len(key)), [sum(counts) for counts in key.values()])
    generator = stream(seed, _ITEM_STREAM)
    pole = np.zeros((len(signs), dimensions))
    pole[np.arange(len(signs)), 2 + scale] = _ITEM_HALF * signs
    common = np.zeros(dimensions)
    common[:2] = _ITEM_HALF
    own = [_ITEM_HALF * _directions(generator, len(signs), dimensions, 2 + len(key)) for _ in range(2)]
    return ItemVectors(_unit(common + pole + own[0]), _unit(common - pole + own[1]), signs, scale)


def compile_method(items: ItemVectors, method: Method) -> NDArray[np.float64]:
    """Return the matrix that a method is: scores = e @ matrix, float64 [d, scales]."""
    vectors = items.agree - items.disagree if method == "contrast" else items.agree
    columns = []
    for scale in range(int(items.scale.max()) + 1):
        mine = items.scale == scale
        weight = np.where(mine, items.key, 0.0)
        if method == "contrast":
            weight /= mine.sum()
        elif method == "keyed-mean":
            for sign in (1.0, -1.0):
                pole = mine & (items.key == sign)
                weight[pole] /= max(int(pole.sum()), 1)
        columns.append(weight @ vectors)
    return np.stack(columns, axis=1)


def _scores(
    turns: pl.DataFrame, scales: tuple[str, ...], shift: float, weights: NDArray[np.float64], seed: int
) -> NDArray[np.float64]:
    """Embed the latent scores in blocks of rows and apply the method's matrix."""
    latent = turns.select(scales).to_numpy().astype(np.float64)
    side = np.where((turns[schema.ROLE] == schema.THERAPIST).to_numpy(), 0.5, -0.5)
    blocks = []
    for block, start in enumerate(range(0, len(latent), _ROWS)):
        rows = slice(start, start + _ROWS)
        generator = stream(seed, _NOISE_STREAM + block)
        blocks.append(_embed(latent[rows], side[rows] * shift, len(weights), generator) @ weights)
    return np.concatenate(blocks)


def _embed(
    latent: NDArray[np.float64], register: NDArray[np.float64], dimensions: int, generator: np.random.Generator
) -> NDArray[np.float64]:
    scales = latent.shape[1]
    embedding = _TURN_PART * _directions(generator, len(latent), dimensions, 2 + scales)
    embedding[:, 0] = _TURN_PART
    embedding[:, 1] = register / _ITEM_HALF
    embedding[:, 2 : 2 + scales] = _LATENT * latent
    return _unit(embedding)


def _directions(generator: np.random.Generator, rows: int, dimensions: int, reserved: int) -> NDArray[np.float64]:
    """Random unit vectors orthogonal to the first `reserved` axes, which hold topic, register and poles."""
    vectors = np.zeros((rows, dimensions))
    vectors[:, reserved:] = _unit(generator.standard_normal((rows, dimensions - reserved)))
    return vectors


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


def _check(plan: SimulationPlan, shift: float, key: Key, dimensions: int) -> None:
    if tuple(key) != plan.scales:
        raise ParameterError(f"key names the scales {', '.join(key)}; the plan has {', '.join(plan.scales)}")
    if not abs(shift) <= _MOST_SHIFT:  # beyond that the register would be most of the embedding
        raise ParameterError(f"shift must lie in [-{_MOST_SHIFT}, {_MOST_SHIFT}]; got {shift}")
    if dimensions < _LEAST_DIMENSIONS:
        raise ParameterError(f"dimensions must be at least {_LEAST_DIMENSIONS}; got {dimensions}")
    if any(min(counts) < 0 or sum(counts) == 0 for counts in key.values()):
        raise ParameterError("key: each scale needs at least one item, and counts must not be negative")
