"""What an inventory of the same sentences gives whose poles, or whose scales and poles, are dealt out by chance."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from alliancekit.inventory import FORMS, Inventory, Item, Wording
from alliancekit.inventory.gated import FORM_SHARED, SCALE_SHARED, VALENCE_PENALTY, learned_from, share
from alliancekit.inventory.methods import score_matrix
from alliancekit.inventory.quadratic import kernel, solve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benches.validity.embedded import Embedded
    from numpy.typing import NDArray

    from alliancekit.inventory.gated import Gated

DEALS: Final = 1000


def by_length(embedded: Embedded, texts: list[str]) -> Iterator[NDArray[np.float64]]:
    """Yield `contrast` scores [texts, forms, scales] of random inventories.

    Each sentence of the items stands in the place of another one of about its length: of which scale, pole and form,
    is chance.
    """
    vectors = np.stack([embedded.embeddings[text] for text in texts]).astype(np.float64)
    chance = np.random.default_rng(0)
    for _ in range(DEALS):
        matrix = score_matrix(_dealt(embedded.inventory, chance), embedded.embeddings, "contrast")
        yield np.einsum("nd,fsd->nfs", vectors, matrix[:, :-1].astype(np.float64), optimize=True)


def _dealt(inventory: Inventory, chance: np.random.Generator) -> Inventory:
    sentences = replace(inventory, examples=(), beside=()).sentences()
    order = sorted(sentences, key=lambda text: (len(text.split()), text))
    for start in range(0, len(order), 20):
        block = order[start : start + 20]
        order[start : start + 20] = [block[place] for place in chance.permutation(len(block))]
    places = sorted(sentences, key=lambda text: (len(text.split()), text))
    other = dict(zip(places, order, strict=True))
    return replace(inventory, items=tuple(_with(item, other) for item in inventory.items))


def _with(item: Item, other: dict[str, str]) -> Item:
    return replace(item, patient=_other(item.patient, other), therapist=_other(item.therapist, other))


def _other(wording: Wording, other: dict[str, str]) -> Wording:
    return Wording(tuple(other[text] for text in wording.agree), tuple(other[text] for text in wording.disagree))


def by_pole(embedded: Embedded, fitted: Gated, texts: list[str]) -> NDArray[np.float64]:
    """Return `gated` scores [deals, texts, scales], own form the patient's, with the poles dealt out by chance.

    Relevance stays: what is asked is whether it matters which sentences speak for the scale.
    """
    inventory = embedded.inventory
    said = learned_from(inventory)
    z = fitted.features(np.stack([embedded.states[text] for text in said.texts]).astype(np.float64))
    x = fitted.features(np.stack([embedded.states[text] for text in texts]).astype(np.float64))
    similar = kernel(z)
    similar *= share(said.form[:, None] == said.form, FORM_SHARED)
    similar *= share(said.scale[:, None] == said.scale, SCALE_SHARED)
    signs = _shuffled(said.scale, said.form, said.sign)
    coefficients = solve(similar, signs.T, VALENCE_PENALTY)
    near = kernel(x, z).astype(np.float32)
    found = []
    for scale in range(fitted.scales):
        of_scale = share(said.scale == scale, SCALE_SHARED)[:, None]
        for form in range(len(FORMS)):
            own = share(said.form == form, FORM_SHARED)[:, None]
            found.append(near @ (coefficients * of_scale * own).astype(np.float32))
    valence = np.stack(found).reshape(fitted.scales, len(FORMS), len(texts), DEALS)
    return valence.transpose(3, 2, 1, 0) * gates(embedded, fitted, texts)


def gates(embedded: Embedded, fitted: Gated, texts: list[str]) -> NDArray[np.float64]:
    """Return how much each text speaks of each scale, [texts, forms, scales], each from 0 to 1."""
    states = np.stack([embedded.states[text] for text in texts]).astype(np.float64)
    return fitted.parts(states)[1]


def _shuffled(scale: NDArray[np.int64], form: NDArray[np.int64], sign: NDArray[np.float64]) -> NDArray[np.float64]:
    chance = np.random.default_rng(1)
    deals = np.tile(sign, (DEALS, 1))
    for place in np.unique(np.column_stack([scale, form]), axis=0):
        rows = np.flatnonzero((scale == place[0]) & (form == place[1]))
        for deal in deals:
            deal[rows] = chance.permutation(deal[rows])
    return deals
