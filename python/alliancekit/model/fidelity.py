"""How far the embeddings of stored weights are from those of the encoder's own float32 weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from alliancekit.model.manifest import Fidelity

if TYPE_CHECKING:
    from numpy.typing import NDArray

AGAINST = "the float32 graph of the same weights, on the inventory's sentences"


def exact() -> Fidelity:
    """Return the figures of weights that are stored as they came: nothing is lost, and nothing has to be measured."""
    return Fidelity(0.0, 1.0, 0, "the encoder's own float32 weights, stored bit for bit")


def compare(stored: NDArray[np.float32], exact: NDArray[np.float32]) -> Fidelity:
    """Compare two sets of unit-norm embeddings [n, d], row by row.

    Example:
    >>> e = np.eye(2, dtype=np.float32)
    >>> compare(e, e).embedding_max_abs_difference
    0.0

    """
    a, b = stored.astype(np.float64), exact.astype(np.float64)
    cosine = (a * b).sum(axis=1) / (np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1))
    return Fidelity(
        embedding_max_abs_difference=_rounded(float(np.abs(a - b).max())),
        embedding_min_cosine=min(1.0, float(np.floor(cosine.min() * 1e7) / 1e7)),
        n_texts=len(stored),
        against=AGAINST,
    )


def _rounded(value: float) -> float:
    """Three digits: more would differ from machine to machine, and bundles are the same byte for byte."""
    return float(f"{value:.3g}")
