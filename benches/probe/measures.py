"""Figures with intervals: families are drawn again, with replacement, since sentences of one family are alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
DRAWS: Final = 4000


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, its 95 % percentile interval, and its value in each draw of families."""

    value: float
    low: float
    high: float
    draws: Numbers

    @classmethod
    def of(cls, value: float, draws: Numbers) -> Figure:
        """Return the figure with the interval of its draws."""
        low, high = np.percentile(draws, [2.5, 97.5])
        return cls(float(value), float(low), float(high), draws)

    def less(self, other: Figure) -> Figure:
        """Return the difference to a figure on the same families, drawn alike."""
        return Figure.of(self.value - other.value, self.draws - other.draws)

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


def drawn(families: int) -> Numbers:
    """Return how often each family is in each draw, [draws, families]: the same for every method."""
    chance = np.random.default_rng(0)
    return np.stack([np.bincount(row, minlength=families) for row in chance.integers(families, size=(DRAWS, families))])


def above(one: Numbers, other: Numbers) -> Numbers:
    """Return whether each of `one` is above each of `other`, [n, m]: 1, 0, or a half where they are equal."""
    return np.sign(one[:, None] - other) / 2 + 0.5


def area(scores: Numbers, sign: NDArray[np.int8], family: NDArray[np.int64]) -> Figure:
    """Return the area under the ROC curve: how often an agreeing sentence is above a denying one, ties a half."""
    n = int(family.max()) + 1
    agree, deny = sign > 0, sign < 0
    higher = above(scores[agree], scores[deny])
    wins = np.zeros((n, n))
    np.add.at(wins, (family[agree][:, None], family[deny][None, :]), higher)
    sizes = [np.bincount(family[pole], minlength=n) for pole in (agree, deny)]
    weights = np.vstack([np.ones(n), drawn(n)])
    values = np.einsum("di,ij,dj->d", weights, wins, weights, optimize=True)
    values = values / ((weights @ sizes[0]) * (weights @ sizes[1]))
    return Figure.of(values[0], values[1:])


def share(right: NDArray[np.bool_] | Numbers, family: NDArray[np.int64]) -> Figure:
    """Return the mean of a value for each sentence (or pair), families drawn again."""
    n = int(family.max()) + 1
    weights = np.vstack([np.ones(n), drawn(n)])
    sums, sizes = np.bincount(family, weights=right, minlength=n), np.bincount(family, minlength=n)
    values = (weights @ sums) / (weights @ sizes)
    return Figure.of(values[0], values[1:])


def numbered(names: list[str]) -> NDArray[np.int64]:
    """Return the number of each name, from 0 in order of appearance."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return np.array([numbers[name] for name in names])
