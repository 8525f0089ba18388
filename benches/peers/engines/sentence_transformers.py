"""sentence-transformers as its documentation says: `SentenceTransformer(...).encode`, batches of 32."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.peers.place import Encode, Place, Vectors

PACKAGES = ("sentence-transformers", "torch", "transformers")


def open_engine(place: Place) -> Encode:
    import torch  # noqa: PLC0415 - of the peer's environment
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - likewise

    torch.set_num_threads(place.threads)
    backend = place.options.get("backend", "torch")
    folder = place.encoder if backend == "torch" else str(place.made(backend))
    chosen = {"torch_dtype": place.options.get("dtype", "float32")} if backend == "torch" else {}
    model = SentenceTransformer(folder, device="cpu", backend=backend, model_kwargs=chosen, local_files_only=True)

    def encode(texts: Sequence[str]) -> Vectors:
        found = model.encode(list(texts), batch_size=32, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(found, dtype=np.float32)

    return encode
