"""The turns that every peer encodes: a seeded sample of a corpus that keeps the spread of its lengths."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence


def sample(texts: Sequence[str], turns: int, seed: int = 1) -> list[str]:
    """Give `turns` of the texts in random order, evenly from the shortest to the longest; all of them where 0.

    Since the order is random, the beginning of the sample is a sample too.

    >>> sample(["a", "bbb", "cc", "dddd"], 2) == sample(["a", "bbb", "cc", "dddd"], 2)
    True
    >>> sorted(len(text) for text in sample(["a" * n for n in range(1, 101)], 10, seed=3))
    [7, 17, 27, 37, 47, 57, 67, 77, 87, 97]

    """
    generator = np.random.default_rng(seed)
    # Equal lengths in an order of chance, so that the sample is not of the corpus's beginning.
    order = sorted(generator.permutation(len(texts)).tolist(), key=lambda row: len(texts[row]))
    if 0 < turns < len(texts):
        step = len(texts) / turns
        order = [order[int((place + 0.69) * step)] for place in range(turns)]
    return [texts[order[place]] for place in generator.permutation(len(order))]
