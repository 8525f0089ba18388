"""Means, squares and products of numbers that come one by one, in constant memory.

Deviations are updated about the running mean (Welford 1962, Technometrics 4, p. 419), so that a long session loses no
digits; sums are kept beside them in the order of the turns, as `alliancekit.sessions` adds them, so that a mean has
the same bits there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Moments:
    """Moments of k numbers at a time: `count`, `sums` [k] and `products` [k(k + 1)/2], about the means, by rows.

    >>> moments = Moments(2)
    >>> for pair in ((0.0, 1.0), (1.0, 3.0), (2.0, 5.0)):
    ...     moments.include(pair)
    >>> moments.count, moments.sums, moments.products
    (3, [3.0, 9.0], [2.0, 4.0, 8.0])
    """

    __slots__ = ("count", "means", "products", "sums")

    def __init__(self, width: int) -> None:
        self.count = 0
        self.sums = [0.0] * width
        self.means = [0.0] * width
        self.products = [0.0] * (width * (width + 1) // 2)

    def include(self, values: Sequence[float]) -> None:
        """Take in one number for each place."""
        self.count += 1
        means, sums, products = self.means, self.sums, self.products
        before = [value - mean for value, mean in zip(values, means, strict=True)]
        for place, value in enumerate(values):
            sums[place] += value
            means[place] += before[place] / self.count
        after = [value - mean for value, mean in zip(values, means, strict=True)]
        at = 0
        for row, left in enumerate(before):
            for right in after[row:]:
                products[at] += left * right
                at += 1

    def raw_square(self, place: int) -> float:
        """Give the sum of the squares of a place's numbers, about 0."""
        width = len(self.sums)
        own = place * width - place * (place - 1) // 2
        return self.products[own] + self.count * self.means[place] ** 2

    @property
    def size(self) -> int:
        """Numbers that `dump` gives."""
        return 1 + 2 * len(self.sums) + len(self.products)

    def dump(self) -> list[float]:
        """Give everything as a flat list of numbers."""
        return [self.count, *self.sums, *self.means, *self.products]

    def load(self, values: Sequence[float]) -> None:
        """Take up what `dump` gave."""
        width = len(self.sums)
        self.count = int(values[0])
        self.sums = list(values[1 : 1 + width])
        self.means = list(values[1 + width : 1 + 2 * width])
        self.products = list(values[1 + 2 * width :])
