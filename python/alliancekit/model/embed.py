"""Embedding an inventory's sentences while a bundle is built: by the engine that will embed the turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from alliancekit.runtime import open_engine

Embed = Callable[[Sequence[str]], NDArray[np.float32]]
"""Texts in, float32 [n, size] out: what the bundle calls its embedding."""

Embedder = Callable[[Path], Embed]
"""From the folder of a bundle (a draft without scores is enough) to its `Embed`."""


def native_embedder(bundle: Path) -> Embed:
    """Return the embedding by alliancekit's own engine."""
    engine = open_engine(bundle)

    def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = engine.embed(pl.Series(texts, dtype=pl.String))
        return vectors

    return embed
