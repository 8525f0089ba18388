"""What an encoder has to compute: multiplications and additions, from its sizes and the lengths of the texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True)
class Cost:
    """Multiplications and additions of an encoder of the BERT family.

    Attributes:
        per_token: of a token's products with the layers' matrices:
            2 · layers · (4 · hidden² + 2 · hidden · intermediate).
        per_pair: of a token with each token that it attends to: 4 · layers · hidden.

    """

    per_token: float
    per_pair: float

    @staticmethod
    def of(encoder: Mapping[str, Any]) -> Cost:
        """Take the sizes from `encoder` of a bundle's manifest.

        Example:
            >>> minilm = {"layers": 6, "hidden": 384, "intermediate": 1536}
            >>> Cost.of(minilm).per_token / 1e6
            21.233664

        """
        layers, hidden, intermediate = (int(encoder[name]) for name in ("layers", "hidden", "intermediate"))
        return Cost(2.0 * layers * (4 * hidden**2 + 2 * hidden * intermediate), 4.0 * layers * hidden)

    def of_texts(self, lengths: ArrayLike) -> float:
        """Give those of texts of these lengths in tokens, without padding.

        >>> Cost(10.0, 1.0).of_texts([3, 1])
        50.0

        """
        counts = np.asarray(lengths, dtype=np.float64)
        return float(self.per_token * counts.sum() + self.per_pair * (counts**2).sum())
