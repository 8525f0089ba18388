"""model2vec: no encoder at all but a vector a word, distilled from the same weights: another accuracy class."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.peers.place import Encode, Place, Vectors

PACKAGES = ("model2vec",)


def open_engine(place: Place) -> Encode:
    from model2vec import StaticModel  # noqa: PLC0415 - of the peer's environment

    model = StaticModel.from_pretrained(str(place.made("model2vec")))

    def encode(texts: Sequence[str]) -> Vectors:
        return np.asarray(model.encode(list(texts), use_multiprocessing=False), dtype=np.float32)

    return encode
