"""How similarities to items become scale scores: each method as one matrix (design, section 3); `gated` is apart.

These methods are linear in the unit-norm embedding e of a turn. With a_i and d_i the unit-norm centroids of the
embeddings of an item's `agree` and `disagree` sentences, k_i its key, and I_s the items of scale s:

- `signed-sum` (the published method): sum over I_s of k_i a_i; total: the sum over all items;
- `keyed-mean`: mean of a_i over the positively keyed items of I_s minus their mean over the negatively keyed ones;
- `contrast`: mean over I_s of k_i (a_i - d_i).

The total of the last two is the mean of the scales. Everything is computed in float64 and returned as float32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from numpy.typing import NDArray

from alliancekit.errors import InventoryError
from alliancekit.inventory.items import FORMS, Inventory, Item

if TYPE_CHECKING:
    from alliancekit.schema import Form

LinearMethod = Literal["contrast", "signed-sum", "keyed-mean"]
Method = Literal["gated", "contrast", "signed-sum", "keyed-mean"]
Pole = Literal["agree", "disagree"]
Embeddings = Mapping[str, NDArray[np.float32]]
"""The embedding of each sentence of an inventory, by sentence."""

Vectors = NDArray[np.float64]

LINEAR_METHODS: Final[tuple[LinearMethod, ...]] = ("contrast", "signed-sum", "keyed-mean")
METHODS: Final[tuple[Method, ...]] = ("gated", *LINEAR_METHODS)
"""In order of preference: a bundle's default is the first that its inventory allows."""


def refusal(inventory: Inventory, method: Method) -> str | None:
    """Return why `inventory` does not allow `method`, and what to do; None where it does.

    `contrast` needs `disagree` sentences in each form, `gated` needs `beside` sentences too. `keyed-mean` needs items
    of both keys in each scale: with one kind only, the uniform shift of similarity that it exists to take out would
    stay in.
    """
    if method == "gated" and not inventory.beside:
        return "gated needs sentences that are beside the scales, and there are none; add `[[beside]]` tables."
    if method in ("contrast", "gated"):
        for form in FORMS:
            if not all(item.wording(form).disagree for item in inventory.items):
                return f"{method} needs `disagree` sentences, and the {form} form has none; add them to each item."
    if method == "keyed-mean":
        for scale in inventory.scales:
            if {item.key for item in inventory.of_scale(scale)} != {1, -1}:
                return f"keyed-mean needs items of both keys, and the scale {scale!r} has one key only; use signed-sum."
    return None


def available_methods(inventory: Inventory) -> tuple[Method, ...]:
    """Return the methods that `inventory` allows, in order of preference."""
    return tuple(method for method in METHODS if refusal(inventory, method) is None)


def item_matrix(inventory: Inventory, embeddings: Embeddings) -> NDArray[np.float32]:
    """Return the unit-norm item vectors [forms, items, d]: the product with an embedding is cos(e, agree)."""
    return np.stack([_poles(inventory.items, form, "agree", embeddings) for form in FORMS]).astype(np.float32)


def score_matrix(inventory: Inventory, embeddings: Embeddings, method: LinearMethod) -> NDArray[np.float32]:
    """Return the matrix of `method` [forms, scales + 1, d], the scales in order and the total last.

    Raises InventoryError, naming the method, where the inventory does not allow it.
    """
    reason = refusal(inventory, method)
    if reason is not None:
        raise InventoryError(f"{inventory.name}: {reason}")
    return np.stack([_form_matrix(inventory, form, embeddings, method) for form in FORMS]).astype(np.float32)


def _form_matrix(inventory: Inventory, form: Form, embeddings: Embeddings, method: LinearMethod) -> Vectors:
    of_scale, total = _MAPS[method]
    rows = [of_scale(inventory.of_scale(scale), form, embeddings) for scale in inventory.scales]
    return np.stack([*rows, total(np.stack(rows), axis=0)])


def _signed_sum(items: Sequence[Item], form: Form, embeddings: Embeddings) -> Vectors:
    return _keys(items) @ _poles(items, form, "agree", embeddings)


def _keyed_mean(items: Sequence[Item], form: Form, embeddings: Embeddings) -> Vectors:
    keys, agree = _keys(items), _poles(items, form, "agree", embeddings)
    difference: Vectors = agree[keys > 0].mean(axis=0) - agree[keys < 0].mean(axis=0)
    return difference


def _contrast(items: Sequence[Item], form: Form, embeddings: Embeddings) -> Vectors:
    poles = _poles(items, form, "agree", embeddings) - _poles(items, form, "disagree", embeddings)
    return _keys(items) @ poles / len(items)


_MAPS: Final[
    dict[LinearMethod, tuple[Callable[[Sequence[Item], Form, Embeddings], Vectors], Callable[..., Vectors]]]
] = {
    "contrast": (_contrast, np.mean),
    "signed-sum": (_signed_sum, np.sum),
    "keyed-mean": (_keyed_mean, np.mean),
}


def _keys(items: Sequence[Item]) -> Vectors:
    return np.array([item.key for item in items], dtype=np.float64)


def _poles(items: Sequence[Item], form: Form, pole: Pole, embeddings: Embeddings) -> Vectors:
    return np.stack([_centroid(getattr(item.wording(form), pole), embeddings) for item in items])


def _centroid(sentences: Sequence[str], embeddings: Embeddings) -> Vectors:
    """Return the unit-norm mean of the sentences' unit-norm embeddings."""
    vectors = np.stack([_unit(embeddings[sentence].astype(np.float64)) for sentence in sentences])
    return _unit(vectors.mean(axis=0))


def _unit(vector: Vectors) -> Vectors:
    return vector / np.linalg.norm(vector)
