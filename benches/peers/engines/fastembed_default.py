"""fastembed with its default batches, on the exported encoder in place of its own download."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.peers.place import Encode, Place, Vectors

PACKAGES = ("fastembed", "onnxruntime")


def open_engine(place: Place) -> Encode:
    from fastembed import TextEmbedding  # noqa: PLC0415 - of the peer's environment

    model = TextEmbedding(
        "sentence-transformers/all-MiniLM-L6-v2",
        specific_model_path=str(place.made("onnx-flat")),
        threads=place.threads,
        local_files_only=True,
    )

    def encode(texts: Sequence[str]) -> Vectors:
        return np.array(list(model.embed(list(texts))), dtype=np.float32)

    return encode
