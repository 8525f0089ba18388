"""Adapted layers of the tiny encoder: random changes of its second layer."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np
from safetensors.numpy import load_file, save_file

if TYPE_CHECKING:
    from pathlib import Path

SHARED: Final = 1
"""Layers before the adapted one."""

RANK: Final = 3

CHANGED: Final = tuple(
    f"encoder.layer.1.{name}.weight"
    for name in ("attention.self.query", "attention.self.value", "attention.output.dense", "output.dense")
)
"""Matrices that are changed; the others of the layer stay as they are."""


def write_tiny_adaptation(path: Path, encoder: Path, **facts: str) -> Path:
    """Write a file of adapted layers for the tiny encoder in the folder; `facts` differ from what is true."""
    weights = load_file(encoder / "model.safetensors")
    chance = np.random.default_rng(11)
    change = {}
    for name in CHANGED:
        outputs, inputs = weights[name].shape
        change[f"{name}.down"] = chance.normal(size=(RANK, inputs)).astype(np.float16)
        change[f"{name}.up"] = chance.normal(scale=0.1, size=(outputs, RANK)).astype(np.float16)
    true = {
        "shared_layers": str(SHARED),
        "weights_sha256": hashlib.sha256((encoder / "model.safetensors").read_bytes()).hexdigest(),
        "inventory_sha256": "0" * 64,
    }
    save_file(change, path, true | facts)
    return path
