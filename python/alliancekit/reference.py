"""The scores once more, slowly and readably: what every fast path is held against.

Written from the formulas and from nothing else. Let e be the unit-norm embedding of a turn, and cos the dot product of
unit-norm vectors. An item's vector `agree` is the unit-norm centroid of the unit-norm embeddings of the sentences that
express it in the form asked for, `disagree` that of the sentences that deny it, and its key is +1 or -1.

- signed-sum: the sum of key * cos(e, agree) over a scale's items; total: over all items;
- keyed-mean: the mean of cos(e, agree) over the positively keyed items minus that over the negatively keyed ones;
- contrast: the mean of key * (cos(e, agree) - cos(e, disagree)) over a scale's items.

For the last two the total is the mean of the scales. `gated` is in `reference_gated`. Everything is float64.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alliancekit.schema import TOTAL, Form

if TYPE_CHECKING:
    from alliancekit.inventory import Inventory, Item

Vector = NDArray[np.float64]
SentenceVectors = Mapping[str, ArrayLike]
"""The embedding of each sentence of the inventory."""


def score(
    turn: ArrayLike, inventory: Inventory, sentences: SentenceVectors, *, method: str, form: Form
) -> dict[str, float]:
    """Return the score of one turn on each scale and on the total.

    `turn` is its embedding [d]; `sentences` holds the embedding [d] of each sentence of the inventory. `form` says
    whose wording it is compared with. Raises KeyError for a method or a sentence that is not there.

    Example:
    >>> from alliancekit.inventory import Inventory, Item, Wording
    >>> said, denied = Wording(("I trust you.",), ("I don't trust you.",)), Wording(("You do.",), ("You don't.",))
    >>> inventory = Inventory("Mine", "1", "en", "CC0-1.0", ("bond",), (Item("t", "bond", 1, "Trust", said, denied),))
    >>> sentences = {"I trust you.": [1.0, 0.0], "I don't trust you.": [0.0, 1.0]}
    >>> score([0.6, 0.8], inventory, sentences, method="signed-sum", form="patient")
    {'bond': 0.6, 'total': 0.6}
    >>> round(score([0.6, 0.8], inventory, sentences, method="contrast", form="patient")["bond"], 12)
    -0.2

    """
    on_scale, of_scales = METHODS[method]
    scores = {}
    for scale in inventory.scales:
        items = [item for item in inventory.items if item.scale == scale]
        scores[scale] = on_scale(unit(turn), items, sentences, form)
    scores[TOTAL] = of_scales(list(scores.values()))
    return scores


def similarity(turn: ArrayLike, item: Item, sentences: SentenceVectors, form: Form) -> float:
    """Return cos(e, agree) of one item in one form: what `Scorer.items` returns."""
    return cosine(unit(turn), centroid(item.wording(form).agree, sentences))


def signed_sum(e: Vector, items: Sequence[Item], sentences: SentenceVectors, form: Form) -> float:
    """Return the published score: the sum of keyed similarities."""
    total = 0.0
    for item in items:
        total += item.key * similarity(e, item, sentences, form)
    return total


def keyed_mean(e: Vector, items: Sequence[Item], sentences: SentenceVectors, form: Form) -> float:
    """Return the mean similarity to positively keyed items minus that to negatively keyed ones."""
    positive = [similarity(e, item, sentences, form) for item in items if item.key == 1]
    negative = [similarity(e, item, sentences, form) for item in items if item.key == -1]
    return mean(positive) - mean(negative)


def contrast(e: Vector, items: Sequence[Item], sentences: SentenceVectors, form: Form) -> float:
    """Return the mean over items of how much nearer the turn is to what expresses the item than to what denies it."""
    differences = []
    for item in items:
        against = cosine(e, centroid(item.wording(form).disagree, sentences))
        differences.append(item.key * (similarity(e, item, sentences, form) - against))
    return mean(differences)


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean."""
    return sum(values) / len(values)


METHODS: Final[dict[str, tuple[Callable[..., float], Callable[[Sequence[float]], float]]]] = {
    "signed-sum": (signed_sum, sum),
    "keyed-mean": (keyed_mean, mean),
    "contrast": (contrast, mean),
}
"""For each method: the score on one scale, and how the scales make the total."""


def cosine(a: Vector, b: Vector) -> float:
    """Return the dot product of two unit-norm vectors."""
    return float(sum(x * y for x, y in zip(a, b, strict=True)))


def unit(vector: ArrayLike) -> Vector:
    """Return the vector divided by its length."""
    values = np.asarray(vector, dtype=np.float64)
    return values / math.sqrt(sum(float(x) ** 2 for x in values))


def centroid(sentences: Sequence[str], vectors: SentenceVectors) -> Vector:
    """Return the unit-norm mean of the sentences' unit-norm embeddings."""
    total = np.zeros_like(unit(vectors[sentences[0]]))
    for sentence in sentences:
        total = total + unit(vectors[sentence])
    return unit(total / len(sentences))
