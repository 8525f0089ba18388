"""Scores in standard deviations of turns of their length.

Short turns ("Mm-hm.") score differently and vary differently from long ones, so a turn is compared with the
reference's turns of the same quarter of length.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Standard:
    """Means and standard deviations of a score by length of turn.

    Attributes:
        edges: the most tokens that a turn of each class but the last has, ascending.
        means: of the classes, one more than edges.
        sds: likewise.

    """

    edges: tuple[float, ...]
    means: tuple[float, ...]
    sds: tuple[float, ...]

    def of(self, score: float, n_tokens: int | None) -> float:
        """Give a score in SD from the mean of its class; where tokens are not known, the middle class.

        >>> Standard((6.0,), (0.0, 1.0), (1.0, 2.0)).of(5.0, 30)
        2.0
        """
        at = len(self.edges) // 2 if n_tokens is None else bisect_left(self.edges, n_tokens)
        return (score - self.means[at]) / self.sds[at]
