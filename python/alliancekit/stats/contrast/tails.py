"""How far out an observed statistic lies among replicates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Tails:
    """Per column the p of a difference above 0, and of one below; NaN where there is no statistic."""

    greater: Floats
    less: Floats

    @property
    def two_sided(self) -> Floats:
        """Twice the smaller tail.

        Sizes alone would not do: with twelve sessions of a skewed value, such as misalignment, one tail is long, and
        a difference on the side of the short one could hardly be found.
        """
        doubled: Floats = np.minimum(1.0, 2.0 * np.minimum(self.greater, self.less))
        return doubled

    def larger(self, other: Tails) -> Tails:
        """Give the larger p of two tests, so that both have to reject."""
        return Tails(np.maximum(self.greater, other.greater), np.maximum(self.less, other.less))


def tails(observed: Floats, replicates: Floats) -> Tails:
    """Count the replicates `[count, columns]` that reach the observed statistic, which is itself one of them.

    A replicate without a value, say one that left all of an arm's weight in one cluster, counts for both tails: it
    is no evidence against chance, and leaving it out would make the observed value look rarer than it is.
    """
    undefined, same, none = np.isnan(replicates), 1e-9 * np.abs(observed), np.isnan(observed)
    reached = (undefined | (replicates >= observed - same), undefined | (replicates <= observed + same))
    return Tails(*(np.where(none, np.nan, _share(one)) for one in reached))


def _share(reached: Mask) -> Floats:
    counted: Floats = (np.count_nonzero(reached, axis=0) + 1.0) / (len(reached) + 1.0)
    return counted
