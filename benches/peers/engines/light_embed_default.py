"""light-embed with its default batches, on the exported encoder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.peers.place import Encode, Place, Vectors

PACKAGES = ("light-embed", "onnxruntime")


def open_engine(place: Place) -> Encode:
    from light_embed import TextEmbedding  # noqa: PLC0415 - of the peer's environment

    chosen = {"onnx_file": "model.onnx", "pooling_config_path": "1_Pooling", "normalize": True}
    model = TextEmbedding(str(place.made("onnx-flat")), model_config=chosen)

    def encode(texts: Sequence[str]) -> Vectors:
        return np.asarray(model.encode(list(texts)), dtype=np.float32)

    return encode
