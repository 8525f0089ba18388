"""The scoring matrices: what they refuse, and what each method is and is not moved by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit import reference
from alliancekit.errors import InventoryError
from alliancekit.inventory import FORMS, Inventory, Item, Wording
from alliancekit.inventory.methods import LINEAR_METHODS, Embeddings, LinearMethod, item_matrix, refusal, score_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

WIDTH = 6


def inventory_of(keys: tuple[int, ...], *, disagree: bool = True, scales: tuple[str, ...] = ("a", "b")) -> Inventory:
    """Return an inventory with an item of each key a scale, three sentences a pole and form."""
    items = tuple(item_of(scale, number, key, disagree=disagree) for scale in scales for number, key in enumerate(keys))
    return Inventory("test", "1", "en", "CC0-1.0", scales, items)


def item_of(scale: str, number: int, key: int, *, disagree: bool) -> Item:
    wordings = [
        Wording(
            tuple(f"{scale}{number}{form}+{n}" for n in range(3)),
            tuple(f"{scale}{number}{form}-{n}" for n in range(3)) if disagree else (),
        )
        for form in FORMS
    ]
    return Item(f"{scale}{number}", scale, key, "?", *wordings)


def embeddings_of(inventory: Inventory, seed: int) -> Embeddings:
    chance = np.random.default_rng(seed)
    return {text: chance.normal(size=WIDTH).astype(np.float32) for text in inventory.sentences()}


def unit_vector(seed: int) -> NDArray[np.float64]:
    vector: NDArray[np.float64] = np.random.default_rng(seed).normal(size=WIDTH)
    return vector / np.linalg.norm(vector)


@pytest.mark.parametrize("method", LINEAR_METHODS)
@given(seed=st.integers(0, 10**6), keys=st.lists(st.sampled_from([1, -1]), min_size=0, max_size=3))
def test_matrix_gives_the_scores_of_the_reference(method: LinearMethod, seed: int, keys: list[int]) -> None:
    inventory = inventory_of((1, -1, *keys))
    embeddings, turn = embeddings_of(inventory, seed), unit_vector(seed + 1)
    matrix = score_matrix(inventory, embeddings, method)
    assert matrix.shape == (2, 3, WIDTH)
    assert matrix.dtype == np.float32
    for place, form in enumerate(FORMS):
        expected = reference.score(turn, inventory, embeddings, method=method, form=form)
        np.testing.assert_allclose(matrix[place] @ turn, [*expected.values()], rtol=0, atol=1e-5)


@given(seed=st.integers(0, 10**6))
def test_item_vectors_have_unit_norm(seed: int) -> None:
    inventory = inventory_of((1, -1))
    matrix = item_matrix(inventory, embeddings_of(inventory, seed))
    assert matrix.shape == (2, 4, WIDTH)
    np.testing.assert_allclose(np.linalg.norm(matrix, axis=-1), 1, rtol=0, atol=1e-6)


@pytest.mark.parametrize(("method", "shift"), [("signed-sum", 3), ("keyed-mean", 0), ("contrast", 0)])
def test_uniform_shift_of_similarity(method: LinearMethod, shift: float) -> None:
    """What a speaker's manner adds to every similarity alike moves signed-sum by the surplus of positive keys."""
    inventory = inventory_of((1, 1, 1, 1, -1))
    manner = np.eye(WIDTH, dtype=np.float32)[0]
    matrix = score_matrix(inventory, dict.fromkeys(inventory.sentences(), manner), method)
    np.testing.assert_allclose(matrix[:, :2] @ manner, shift, rtol=0, atol=1e-6)


def test_contrast_is_refused_without_disagree_sentences() -> None:
    inventory = inventory_of((1, -1), disagree=False)
    with pytest.raises(InventoryError, match="contrast needs `disagree` sentences, and the patient form has none"):
        score_matrix(inventory, embeddings_of(inventory, 0), "contrast")
    assert refusal(inventory, "signed-sum") is None


@pytest.mark.parametrize("key", [1, -1])
def test_keyed_mean_is_refused_where_a_scale_has_one_key_only(key: int) -> None:
    inventory = inventory_of((key, key))
    with pytest.raises(InventoryError, match="keyed-mean needs items of both keys, and the scale 'a' has one key only"):
        score_matrix(inventory, embeddings_of(inventory, 0), "keyed-mean")
    assert refusal(inventory, "contrast") is None
