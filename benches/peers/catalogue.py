"""Which peers there are: each a row of the table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Peer:
    """A way of turning texts into vectors.

    Attributes:
        name: what its row is called.
        engine: module in `benches.peers.engines`.
        environment: where its packages are: folder `.venv` (ours) or `.venv-peers…`.
        options: given to the engine.
        own_space: whether its vectors cannot be compared with those of the encoder, only scores with scores.

    """

    name: str
    engine: str
    environment: str = ".venv-peers"
    options: dict[str, Any] = field(default_factory=dict)
    own_space: bool = False


BASE: Final = "sentence-transformers, torch float32, batches of 32"
"""What most users run: ratios are to it."""

PEERS: Final = (
    Peer(BASE, "sentence_transformers", options={"backend": "torch", "dtype": "float32"}),
    Peer("sentence-transformers, torch bfloat16", "sentence_transformers", options={"dtype": "bfloat16"}),
    Peer("sentence-transformers, ONNX backend", "sentence_transformers", options={"backend": "onnx"}),
    Peer("sentence-transformers, OpenVINO backend", "sentence_transformers", options={"backend": "openvino"}),
    Peer("OpenVINO float32, two streams", "openvino_streams", options={"precision": "f32"}),
    Peer("OpenVINO bfloat16, two streams", "openvino_streams", options={"precision": "bf16"}),
    Peer(
        "OpenVINO static int8 (NNCF), two streams",
        "openvino_streams",
        options={"precision": "f32", "export": "openvino-int8"},
    ),
    Peer("ONNX Runtime, batches sorted by length", "onnxruntime_sorted"),
    Peer("fastembed", "fastembed_default", environment=".venv-peers-light"),
    Peer("light-embed", "light_embed_default", environment=".venv-peers-light"),
    Peer("EmbedAnything (candle)", "embed_anything_default", environment=".venv-peers-any"),
    Peer("EmbedAnything (ONNX)", "embed_anything_default", environment=".venv-peers-any", options={"backend": "onnx"}),
    Peer("rten 0.27, float32", "rten_program"),
    Peer("rten 0.27, dynamic int8", "rten_program", options={"export": "onnx-int8"}),
    Peer("model2vec, distilled from the same weights", "model2vec_static", own_space=True),
)


def ours(tiers: tuple[str, ...]) -> tuple[Peer, ...]:
    """Give our own rows: each tier scoring every turn, and the default one with repeats scored once."""
    every = [Peer(f"alliancekit {tier}", "alliancekit_engine", ".venv", {"precision": tier}) for tier in tiers]
    options = {"precision": "auto", "merge_repeats": True}
    once = Peer("alliancekit auto, repeats scored once", "alliancekit_engine", ".venv", options)
    return (*every, once)
