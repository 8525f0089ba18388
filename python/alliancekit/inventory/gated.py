"""The method `gated`: how much a turn speaks of a scale at all, times whether it speaks for or against it.

A sentence encoder is trained to put "I trust you" beside "I don't trust you": they are about the same. So what a turn
is about and what it says of that are read apart, both from the encoder's inner layers, which have not yet let go of the
small words:

- x, the features of a turn: the unit-norm pooled states of the tapped layers, end to end; each number standardised over
  the inventory's sentences; the whole brought to unit norm;
- valence_s(x): fitted to +1 for the sentences that speak for the scale s, -1 for those that speak against it, 0 for
  what is beside the scales;
- relevance_s(x): one fit for each scale and one for `beside`, to 1 for its own sentences and 0 for all others,
  sentences weighted so that each of them counts alike; the gate is their softmax, sharpened;
- the score is valence_s(x) * gate_s(x); the total is the mean of the scales.

Each fit is a ridge regression on the features and their products (`quadratic`). A form's fit is its own only in part: a
sentence of another scale, or of the other form, takes part with a lesser weight, as in multi-task regression (Evgeniou
and Pontil 2004). The weights below were chosen by cross-validation over the families of the default inventory.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from alliancekit.inventory.items import FORMS, Inventory
from alliancekit.inventory.quadratic import Quadratic, Vectors, compact, kernel, solve

if TYPE_CHECKING:
    from alliancekit.schema import Form

States = Mapping[str, NDArray[np.float32]]
"""The unit-norm pooled states of the tapped layers, end to end [taps * d], of each sentence."""

SCALE_SHARED: Final = 0.7
"""What a sentence of another scale counts in the fit of a scale's valence."""

FORM_SHARED: Final = 0.8
"""What a sentence of the other form counts in the fit of a form."""

VALENCE_PENALTY: Final = 0.05
RELEVANCE_PENALTY: Final = 0.3

SHARPNESS: Final = 6.0
"""Factor on the relevances before the softmax."""


@dataclass(frozen=True, slots=True)
class Sentences:
    """Every use of a sentence that the fit learns from, a row each: scale -1 is `beside`, sign 0 goes with it."""

    texts: tuple[str, ...]
    scale: NDArray[np.int64]
    form: NDArray[np.int64]
    sign: Vectors


@dataclass(frozen=True, slots=True)
class Gated:
    """The fitted method: features are (states - mean) / deviation, brought to unit norm.

    The outputs of `reading` are, form by form, the valence of each scale, then the sharpened relevance of each scale
    and of `beside`: [forms * (2 scales + 1)].
    """

    mean: Vectors
    deviation: Vectors
    reading: Quadratic
    scales: int

    def features(self, states: Vectors) -> Vectors:
        """Return the features [n, taps * d] of pooled states [n, taps * d]."""
        return _unit_rows((states - self.mean) / self.deviation)

    def scores(self, states: Vectors) -> Vectors:
        """Return the scores [n, forms, scales + 1] of pooled states [n, taps * d], the total last."""
        valence, gates = self.parts(states)
        gated = valence * gates
        return np.concatenate([gated, gated.mean(axis=-1, keepdims=True)], axis=-1)

    def parts(self, states: Vectors) -> tuple[Vectors, Vectors]:
        """Return the valence of each scale and its gate from 0 to 1, both [n, forms, scales]."""
        read = self.reading(self.features(states)).reshape(len(states), len(FORMS), -1)
        valence, relevance = read[..., : self.scales], read[..., self.scales :]
        powers = np.exp(relevance - relevance.max(axis=-1, keepdims=True))
        return valence, (powers / powers.sum(axis=-1, keepdims=True))[..., : self.scales]


def fit_gated(inventory: Inventory, states: States) -> Gated:
    """Fit the method to an inventory with `disagree` and `beside` sentences. Everything is computed in float64."""
    sentences = learned_from(inventory)
    rows = np.stack([states[text] for text in sentences.texts]).astype(np.float64)
    distinct = np.stack([states[text] for text in dict.fromkeys(sentences.texts)]).astype(np.float64)
    mean, deviation = distinct.mean(axis=0), distinct.std(axis=0)
    features = _unit_rows((rows - mean) / deviation)
    reading = _fit(sentences, features, len(inventory.scales))
    return Gated(mean, deviation, reading, len(inventory.scales))


def learned_from(inventory: Inventory) -> Sentences:
    """Return what the fit learns from: an item's sentences of either form, the examples, and what is beside."""
    rows = [row for row in _rows(inventory) if row[0]]
    texts, scales, forms, signs = zip(*rows, strict=True)
    return Sentences(texts, np.array(scales), np.array(forms), np.array(signs, dtype=np.float64))


def _rows(inventory: Inventory) -> Iterator[tuple[str, int, int, int]]:
    for item in inventory.items:
        for form in FORMS:
            wording = item.wording(form)
            yield from _poles(inventory, item.scale, form, (wording.agree, wording.disagree), item.key)
    for example in inventory.examples:
        yield from _poles(inventory, example.scale, example.form, (example.agree, example.disagree), 1)
    for beside in inventory.beside:
        for text in beside.sentences:
            yield text, -1, FORMS.index(beside.form), 0


def _poles(
    inventory: Inventory, scale: str, form: Form, poles: tuple[tuple[str, ...], tuple[str, ...]], key: int
) -> Iterator[tuple[str, int, int, int]]:
    for sign, texts in zip((key, -key), poles, strict=True):
        for text in texts:
            yield text, inventory.scales.index(scale), FORMS.index(form), sign


def _fit(sentences: Sentences, features: Vectors, scales: int) -> Quadratic:
    similar = kernel(features)
    similar *= share(sentences.form[:, None] == sentences.form, FORM_SHARED)
    valence = _valence(sentences, similar)
    relevance = SHARPNESS * _relevance(sentences, similar, scales)
    outputs = []
    for form in range(len(FORMS)):
        own = share(sentences.form == form, FORM_SHARED)[:, None]
        outputs.append(own * np.column_stack([_of_scales(sentences, valence, scales), relevance]))
    # The forms differ little: their common part is enough to find the directions, in half the time.
    return compact(features, np.concatenate(outputs, axis=1), np.mean(outputs, axis=0))


def _valence(sentences: Sentences, similar: Vectors) -> Vectors:
    scales = share(sentences.scale[:, None] == sentences.scale, SCALE_SHARED)
    return solve(similar * scales, sentences.sign, VALENCE_PENALTY)


def _of_scales(sentences: Sentences, coefficients: Vectors, scales: int) -> Vectors:
    """Return the coefficients of each scale's valence, [n, scales]."""
    return np.stack([coefficients * share(sentences.scale == s, SCALE_SHARED) for s in range(scales)], axis=1)


def _relevance(sentences: Sentences, similar: Vectors, scales: int) -> Vectors:
    """Return the coefficients of each relevance, [n, scales + 1]: less their mean, which a softmax takes out."""
    kinds = sentences.scale % (scales + 1)
    counts = np.bincount(kinds, minlength=scales + 1)
    weights = 1 / counts[kinds]
    targets = np.eye(scales + 1)[kinds] - 1 / (scales + 1)
    return solve(similar, targets, RELEVANCE_PENALTY * weights.mean() / weights)


def share(same: NDArray[np.bool_], shared: float) -> Vectors:
    """Return what a sentence counts in a fit: 1 where it is of the same kind, `shared` where it is not."""
    return np.where(same, 1.0, shared)


def _unit_rows(rows: Vectors) -> Vectors:
    unit: Vectors = rows / np.linalg.norm(rows, axis=-1, keepdims=True)
    return unit
