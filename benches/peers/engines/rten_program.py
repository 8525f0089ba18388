"""rten, a runtime in Rust: the program in `benches/peers/rten`, given batches sorted by length."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from benches.peers.batching import Tokenize, sorted_batches
from benches.peers.place import Unable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.peers.batching import Ids
    from benches.peers.place import Encode, Place, Vectors

PACKAGES = ("tokenizers",)
PROGRAM = Path(__file__).parents[1] / "rten" / "target" / "release" / "rten-peer"
SIZE = 384
"""Values of a vector of this encoder."""


def open_engine(place: Place) -> Encode:
    if not PROGRAM.exists():
        raise Unable("its program is not built: cargo build --release --manifest-path benches/peers/rten/Cargo.toml")
    model = place.made(place.options.get("export", "onnx")) / "onnx" / "model.onnx"
    command = [str(PROGRAM), str(model)]
    running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 - our own
    tokenize = Tokenize(place)

    def encode(texts: Sequence[str]) -> Vectors:
        sequences = tokenize(texts)
        found: list[Vectors | None] = [None] * len(sequences)
        for rows, ids, mask in sorted_batches(sequences):
            for row, vector in zip(rows, _one_batch(running, ids, mask), strict=True):
                found[row] = vector
        return np.array(found, dtype=np.float32)

    return encode


def _one_batch(running: subprocess.Popen[bytes], ids: Ids, mask: Ids) -> Vectors:
    if running.stdin is None or running.stdout is None:
        raise Unable("it has no pipes")
    header = np.array([*ids.shape, *mask.sum(axis=1)], dtype="<u4")
    running.stdin.write(header.tobytes() + ids.astype("<i4").tobytes())
    running.stdin.flush()
    answer = running.stdout.read(4 * SIZE * len(ids))
    if len(answer) < 4 * SIZE * len(ids):
        raise Unable("rten's program ended in the middle of a batch")
    return np.frombuffer(answer, dtype="<f4").reshape(len(ids), SIZE)
