"""The model: seconds of a corpus on n cores, from the lengths of its texts (docs/design/2026-11-30-scaling.md).

One core takes ``per_turn + per_token · L + per_pair · L²`` seconds for a text of L tokens. n cores share the work and
hold each other up by ``contention`` for each further core, and never read more than the memory gives.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Lengths:
    """What the cost of texts depends on.

    Attributes:
        turns: how many.
        tokens: of all.
        pairs: the sum of their squares.

    """

    turns: float
    tokens: float
    pairs: float

    @staticmethod
    def of(lengths: ArrayLike) -> Lengths:
        """Take them from tokens a text."""
        counts = np.asarray(lengths, dtype=np.float64)
        return Lengths(float(counts.size), float(counts.sum()), float((counts**2).sum()))

    def times(self, factor: float) -> Lengths:
        """Give a corpus so many times as large, of the same lengths."""
        return Lengths(self.turns * factor, self.tokens * factor, self.pairs * factor)


@dataclass(frozen=True, slots=True)
class Model:
    """Seconds of one core, and how cores hold each other up.

    Attributes:
        per_turn: seconds of a text, whatever its length.
        per_token: seconds of a token.
        per_pair: seconds of a token with another.
        contention: by how much each further core makes the work of all longer, as a share.
        bytes_per_token: read from memory for a token, where nothing stays in a cache that cores do not share.

    """

    per_turn: float
    per_token: float
    per_pair: float
    contention: float = 0.0
    bytes_per_token: float = 0.0

    def core_seconds(self, lengths: Lengths) -> float:
        """Give the seconds of one core that has the machine for itself."""
        return self.per_turn * lengths.turns + self.per_token * lengths.tokens + self.per_pair * lengths.pairs

    def seconds(self, lengths: Lengths, cores: int, *, bandwidth: float = np.inf) -> float:
        """Give the seconds on `cores` cores that together read at most `bandwidth` bytes a second.

        >>> Model(0.0, 0.001, 0.0).seconds(Lengths(1, 1000, 0), 4)
        0.25
        >>> Model(0.0, 0.001, 0.0, contention=0.1).seconds(Lengths(1, 1000, 0), 2)
        0.55

        """
        computing = self.core_seconds(lengths) * (1 + self.contention * (cores - 1)) / cores
        return max(computing, self.bytes_per_token * lengths.tokens / bandwidth)


def fit(lengths: ArrayLike, seconds_per_turn: ArrayLike) -> Model:
    """Fit one core's costs to the seconds of a text of each length, so that relative errors are least.

    None is negative: one that would be is left out.
    """
    sizes, seconds = np.asarray(lengths, dtype=np.float64), np.asarray(seconds_per_turn, dtype=np.float64)
    terms = np.stack([np.ones_like(sizes), sizes, sizes**2], axis=1) / seconds[:, None]
    kept = [0, 1, 2]
    while True:
        found = np.linalg.lstsq(terms[:, kept], np.ones_like(seconds), rcond=None)[0]
        if (found >= 0).all() or len(kept) == 1:
            break
        kept.pop(int(found.argmin()))
    costs = dict(zip(kept, found.tolist(), strict=True))
    return Model(*(max(0.0, costs.get(place, 0.0)) for place in range(3)))


def contention(one: ArrayLike, several: ArrayLike, threads: int) -> float:
    """Give what each further thread costs: the median over lengths of several threads' seconds against one's.

    >>> contention([1.0, 2.0, 4.0], [0.55, 1.1, 2.2], 2)
    0.10000000000000009

    """
    if threads == 1:
        return 0.0
    ratios = np.asarray(several, dtype=np.float64) * threads / np.asarray(one, dtype=np.float64)
    return max(0.0, float(np.median(ratios)) - 1) / (threads - 1)
