"""Rounding a matrix to 8 bits: smoothing, side channels, and rounding against data.

Smoothing is SmoothQuant's (Xiao et al. 2023), rounding GPTQ's (Frantar et al. 2023).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.model.calibration.observe import Observed

LARGEST: Final = 127
"""The largest magnitude of a weight's integer."""

ALPHA: Final = 0.5
"""How much of the inputs' range moves into the weights."""

SIDE_CHANNELS: Final = {"projections": 4, "output": 0, "widen": 4, "narrow": 16}
"""Inputs that are left out of the rounding: a few are a hundred times as large as the rest."""

SMOOTHED: Final = frozenset({"projections", "output", "widen"})
"""Not what comes out of the GELU: smoothing made that worse."""

BLOCK: Final = 64
"""Inputs after which what they were rounded by is made up for in all later ones at once."""

DAMPING: Final = 0.01
"""Share of the mean square of the inputs that is added to each, so that the products can be inverted."""


@dataclass(frozen=True, slots=True)
class Rounded:
    """A matrix in 8 bits.

    Attributes:
        weight: int8 [inputs, outputs]; of inputs divided by `smoothing`. Rows of side channels are 0.
        scale: what an integer of each column stands for, float32 [outputs].
        smoothing: what each input is divided by, float32 [inputs].
        side_channels: inputs that stay in float32, uint32.

    """

    weight: NDArray[np.int8]
    scale: NDArray[np.float32]
    smoothing: NDArray[np.float32]
    side_channels: NDArray[np.uint32]


def round_matrix(name: str, observed: Observed) -> Rounded:
    """Round a matrix so that its products with the observed inputs change least.

    >>> from alliancekit.model.calibration.observe import Observed
    >>> weight = np.array([[1.0, -0.5], [0.5, 1.0]], np.float32)
    >>> rounded = round_matrix("output", Observed(weight, np.ones(2, np.float32), np.eye(2), 1))
    >>> np.abs(rounded.weight * rounded.scale / rounded.smoothing[:, None] - weight).max() < 0.01
    np.True_

    """
    smoothing = _smoothing(observed) if name in SMOOTHED else np.ones_like(observed.largest)
    sides = _side_channels(observed.largest / smoothing, SIDE_CHANNELS[name])
    weight = observed.weight.astype(np.float64) * smoothing[:, None]
    weight[sides] = 0.0
    products = observed.products / np.outer(smoothing, smoothing)
    products[sides] = products[:, sides] = 0.0
    scale = np.maximum(np.abs(weight).max(axis=0) / LARGEST, 1e-12)
    integers = _against_data(weight / scale, products)
    return Rounded(integers, scale.astype(np.float32), smoothing, sides)


def _smoothing(observed: Observed) -> NDArray[np.float32]:
    """Ranges of inputs and weights meet half way: s = max |x|^a / max |w|^(1 - a), an input each."""
    inputs = np.maximum(observed.largest, 1e-5)
    weights = np.maximum(np.abs(observed.weight).max(axis=1), 1e-5)
    smoothing: NDArray[np.float32] = (inputs**ALPHA / weights ** (1 - ALPHA)).astype(np.float32)
    return smoothing


def _side_channels(largest: NDArray[np.float32], count: int) -> NDArray[np.uint32]:
    chosen = np.argsort(-largest, kind="stable")[: min(count, len(largest) // 16)]
    return np.sort(chosen).astype(np.uint32)


def _against_data(weight: NDArray[np.float64], products: NDArray[np.float64]) -> NDArray[np.int8]:
    """Round input by input; what one is rounded by is made up for by those after it, as the inputs go together."""
    damped = products + (DAMPING * np.mean(np.diag(products)) + 1e-9) * np.eye(len(products))
    # The upper factor of the inverse says how an error of an input is best made up for by the later ones.
    factor = np.linalg.cholesky(np.linalg.inv(damped)).T
    rest, integers = weight.copy(), np.empty(weight.shape, np.int8)
    for start in range(0, len(weight), BLOCK):
        end = min(start + BLOCK, len(weight))
        errors = np.empty((end - start, weight.shape[1]))
        for row in range(start, end):
            integers[row] = np.clip(np.rint(rest[row]), -LARGEST, LARGEST)
            errors[row - start] = (rest[row] - integers[row]) / factor[row, row]
            rest[row + 1 : end] -= np.outer(factor[row, row + 1 : end], errors[row - start])
        rest[end:] -= factor[start:end, end:].T @ errors
    return integers
