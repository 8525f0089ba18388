"""The method `gated` once more, slowly and readably: what the graph of a bundle is held against.

Written from the formulas of `inventory.gated` and from nothing of its code. A turn and each sentence come as the
unit-norm pooled states of the tapped layers, end to end.

- features: each number less its mean over the distinct sentences, divided by its deviation, then all to unit norm;
- k(x, z) = (1 + 2 x.z)^2 / 9; ridge regression with this kernel, solved in its dual form;
- two sentences of other scales count .7 in a valence, two of other forms .8 in everything;
- the part of k that is quadratic is kept on 64 directions: those in which the squared quadratic forms of all valences
  and all relevances, averaged over the forms, are largest.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from alliancekit.schema import ROLES, TOTAL, Form

if TYPE_CHECKING:
    from alliancekit.inventory import Inventory

Vector = NDArray[np.float64]
SentenceStates = Mapping[str, ArrayLike]
"""The states of each sentence of the inventory."""

Said = tuple[str, str | None, Form, int]
"""A sentence, its scale (None: beside them all), the form, and whether it speaks for the scale (+1, -1, 0)."""


def score(turns: ArrayLike, inventory: Inventory, sentences: SentenceStates) -> dict[Form, dict[str, Vector]]:
    """Return the scores [n] of turns in each form on each scale and on the total; `turns` are states [n, taps * d]."""
    said = everything_said(inventory)
    distinct = np.array([np.asarray(sentences[text], dtype=np.float64) for text in dict.fromkeys(s[0] for s in said)])
    mean, deviation = distinct.mean(axis=0), distinct.std(axis=0)
    z = np.array([features(sentences[text], mean, deviation) for text, *_ in said])
    x = np.array([features(turn, mean, deviation) for turn in np.asarray(turns)])
    fits = dual_fits(inventory, said, z)
    directions = leading_directions(list(fits.values()), said, z)
    found: dict[Form, dict[str, Vector]] = {}
    for form in ROLES:
        read = {name: outcome(x, z, weighted(a, said, form), directions) for name, a in fits.items()}
        scores = {scale: read[f"valence {scale}"] * gate(read, inventory, scale) for scale in inventory.scales}
        found[form] = {**scores, TOTAL: np.mean(list(scores.values()), axis=0)}
    return found


def everything_said(inventory: Inventory) -> list[Said]:
    """Return every sentence that is learned from, each time that the inventory uses it."""
    said: list[Said] = []
    for item in inventory.items:
        for form in ROLES:
            said += [(text, item.scale, form, item.key) for text in item.wording(form).agree]
            said += [(text, item.scale, form, -item.key) for text in item.wording(form).disagree]
    for example in inventory.examples:
        said += [(text, example.scale, example.form, 1) for text in example.agree]
        said += [(text, example.scale, example.form, -1) for text in example.disagree]
    for beside in inventory.beside:
        said += [(text, None, beside.form, 0) for text in beside.sentences]
    return said


def features(states: ArrayLike, mean: Vector, deviation: Vector) -> Vector:
    """Return the standardised states, of unit norm."""
    standard = (np.asarray(states, dtype=np.float64) - mean) / deviation
    return standard / math.sqrt(float(standard @ standard))


def dual_fits(inventory: Inventory, said: list[Said], z: Vector) -> dict[str, Vector]:
    """Return the dual coefficients [sentences] of each scale's valence and of each relevance, form sharing apart."""
    kernel = (1 + 2 * z @ z.T) ** 2 / 9
    forms = alike([s[2] for s in said], 0.8)
    scales = alike([str(s[1]) for s in said], 0.7)
    signs = np.array([s[3] for s in said], dtype=np.float64)
    ridge = 0.05 * np.eye(len(said))
    valence = np.linalg.solve(kernel * forms * scales + ridge, signs)
    fits = {}
    for scale in inventory.scales:
        fits[f"valence {scale}"] = valence * np.array([1.0 if s[1] == scale else 0.7 for s in said])
    kinds = [*inventory.scales, None]
    counts = Counter(s[1] for s in said)
    sizes = np.array([counts[s[1]] for s in said])
    ridge = np.diag(0.3 * (1 / sizes).mean() * sizes)
    for kind in kinds:
        own = np.array([float(s[1] == kind) for s in said]) - 1 / len(kinds)
        fits[f"relevance {kind}"] = 6 * np.linalg.solve(kernel * forms + ridge, own)
    return fits


def alike(labels: Sequence[str], otherwise: float) -> Vector:
    """Return a matrix with 1 for each pair of the same label, and `otherwise` for the rest."""
    names = np.array(labels)
    matrix: Vector = np.where(names[:, None] == names, 1.0, otherwise)
    return matrix


def weighted(coefficients: Vector, said: list[Said], form: Form) -> Vector:
    """Return the coefficients with which a form's outcome is made."""
    counts: Vector = np.array([1.0 if s[2] == form else 0.8 for s in said])
    return coefficients * counts


def leading_directions(fits: list[Vector], said: list[Said], z: Vector) -> Vector:
    """Return the 64 directions [taps * d, 64] on which the quadratic parts are kept."""
    squares = np.zeros((z.shape[1], z.shape[1]))
    for fit in fits:
        average = sum((weighted(fit, said, form) for form in ROLES), np.zeros(len(said))) / len(ROLES)
        form_matrix = (z.T * average) @ z
        squares += form_matrix @ form_matrix
    values, vectors = np.linalg.eigh(squares)
    return vectors[:, np.argsort(values)[::-1][:64]]


def outcome(x: Vector, z: Vector, coefficients: Vector, directions: Vector) -> Vector:
    """Return sum_i a_i k(x, z_i), the quadratic part of k on the directions only."""
    pairs = (x @ directions) @ (z @ directions).T
    kernel = (1 + 4 * x @ z.T + 4 * pairs**2) / 9
    value: Vector = kernel @ coefficients
    return value


def gate(read: dict[str, Vector], inventory: Inventory, scale: str) -> Vector:
    """Return the softmax of the relevances at one scale."""
    powers = {kind: np.exp(read[f"relevance {kind}"]) for kind in (*inventory.scales, None)}
    share: Vector = powers[scale] / np.sum(list(powers.values()), axis=0)
    return share
