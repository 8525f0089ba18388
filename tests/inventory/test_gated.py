"""The fit behind `gated`: it finds what is planted, leaves what is beside at zero, and is kept small without loss."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.inventory import FORMS, Beside, Example, Inventory, Item, Wording
from alliancekit.inventory.gated import fit_gated
from alliancekit.inventory.methods import available_methods, refusal
from alliancekit.inventory.quadratic import RANK, compact, kernel

WIDTH = 12
SENTENCES = 12
SCALES = ("task", "bond")


def inventory() -> Inventory:
    """Return two scales with a negatively keyed item each, examples of either speaker, and talk beside them."""
    items = tuple(Item(f"{s}-1", s, -1, "?", *(wording(f"{s} item {form}") for form in FORMS)) for s in SCALES)
    examples = tuple(
        Example(f"{s}-{form}", s, form, *(tuple(f"{s} {form} {sign}{n}" for n in range(SENTENCES)) for sign in "+-"))
        for s in SCALES
        for form in FORMS
    )
    beside = tuple(Beside(f"bus-{form}", form, tuple(f"bus {form} {n}" for n in range(SENTENCES))) for form in FORMS)
    return Inventory("test", "1", "en", "CC0-1.0", SCALES, items, examples, beside)


def wording(name: str) -> Wording:
    # The item is keyed -1: what agrees with it speaks against the scale.
    return Wording((f"{name} -a",), (f"{name} +a",))


def state(text: str) -> np.ndarray:
    """Return noise with what is planted: two numbers for the scale, one for the sign."""
    seed = int.from_bytes(text.encode(), "little") % 2**32
    vector = 0.3 * np.random.default_rng(seed).normal(size=WIDTH)
    for place, word in enumerate((*SCALES, "bus")):
        vector[place] += 2.0 * text.startswith(word)
    vector[5] += ("+" in text) - 1.0 * ("-" in text)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def scores(texts: list[str]) -> np.ndarray:
    used = inventory()
    fitted = fit_gated(used, {text: state(text) for text in used.sentences()})
    return fitted.scores(np.stack([state(text) for text in texts]).astype(np.float64))


def test_new_sentences_score_on_their_own_scale_with_their_own_sign() -> None:
    for place, scale in enumerate(SCALES):
        for sign in (1, -1):
            found = scores([f"{scale} new {'+' if sign > 0 else '-'}{n}" for n in range(5)])
            assert (np.sign(found[..., place]) == sign).all()
            assert (np.abs(found[..., place]) > 3 * np.abs(found[..., 1 - place])).all()


def test_what_is_beside_the_scales_scores_near_zero() -> None:
    about, none = scores([f"bond new +{n}" for n in range(5)]), scores([f"bus new +{n}" for n in range(5)])
    assert np.abs(none).max() < 0.2 * about[..., 1].mean()


def test_the_total_is_the_mean_of_the_scales() -> None:
    found = scores(["bond new +1", "task new -1", "bus new"])
    np.testing.assert_allclose(found[..., -1], found[..., :-1].mean(axis=-1), rtol=0, atol=1e-12)


def test_without_beside_sentences_contrast_is_the_default() -> None:
    without = replace(inventory(), beside=())
    assert available_methods(without)[0] == "contrast"
    assert "gated needs sentences that are beside the scales" in str(refusal(without, "gated"))
    silent = replace(inventory(), items=tuple(replace(i, patient=Wording(("x",))) for i in inventory().items))
    assert "gated needs `disagree` sentences" in str(refusal(silent, "gated"))


@given(seed=st.integers(0, 10**6), outputs=st.integers(1, 4))
def test_a_compact_form_of_full_rank_is_the_kernel_machine(seed: int, outputs: int) -> None:
    chance = np.random.default_rng(seed)
    rows = chance.normal(size=(20, WIDTH))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    coefficients = chance.normal(size=(20, outputs))
    assert WIDTH <= RANK
    found = compact(rows, coefficients, coefficients)(rows)
    np.testing.assert_allclose(found, kernel(rows) @ coefficients, rtol=0, atol=1e-9)


def test_rank_is_bounded_whatever_the_number_of_features() -> None:
    rows = np.random.default_rng(0).normal(size=(10, 3 * RANK))
    found = compact(rows, np.ones((10, 2)), np.ones((10, 1)))
    assert found.basis.shape[0] <= RANK


def test_unknown_sentence_is_not_passed_over() -> None:
    with pytest.raises(KeyError):
        fit_gated(inventory(), {})
