"""ONNX Runtime from Python with the exported encoder, batches sorted by length."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from benches.peers.batching import Tokenize, pooled, sorted_batches

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.peers.place import Encode, Place, Vectors

PACKAGES = ("onnxruntime",)


def open_engine(place: Place) -> Encode:
    import onnxruntime  # type: ignore[import-untyped]  # noqa: PLC0415 - it ships no types; of the peer's environment

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = place.threads
    session = onnxruntime.InferenceSession(str(place.made("onnx") / "onnx" / "model.onnx"), options)
    names = [entry.name for entry in session.get_inputs()]
    tokenize = Tokenize(place)

    def encode(texts: Sequence[str]) -> Vectors:
        sequences = tokenize(texts)
        found: list[Vectors | None] = [None] * len(sequences)
        for rows, ids, mask in sorted_batches(sequences):
            given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
            states = session.run(None, {name: given[name] for name in names})[0]
            for row, vector in zip(rows, pooled(states, mask), strict=True):
                found[row] = vector
        return np.array(found, dtype=np.float32)

    return encode
