"""EmbedAnything as its documentation says, on files laid as a model hub's cache has them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.peers.place import Encode, Place, Vectors

PACKAGES = ("embed-anything",)
MODEL = "sentence-transformers/all-MiniLM-L6-v2"


def open_engine(place: Place) -> Encode:
    os.environ["HF_HOME"] = str(place.made("hub"))
    import embed_anything  # noqa: PLC0415 - of the peer's environment; reads HF_HOME

    if place.options.get("backend") == "onnx":
        kind = embed_anything.WhichModel.Bert
        model = embed_anything.EmbeddingModel.from_pretrained_onnx(
            kind, hf_model_id=MODEL, path_in_repo="onnx/model.onnx"
        )
    else:
        model = embed_anything.EmbeddingModel.from_pretrained_hf(model_id=MODEL)

    def encode(texts: Sequence[str]) -> Vectors:
        found = embed_anything.embed_query(list(texts), embedder=model)
        return np.array([entry.embedding for entry in found], dtype=np.float32)

    return encode
