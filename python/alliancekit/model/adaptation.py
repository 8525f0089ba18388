"""Adapted layers: an encoder's upper layers once more, changed so that they tell apart what an inventory tells apart.

An encoder trained for similarity puts "I trust you" and "I don't trust you" together in its last layers. Trained on for
a little while on an inventory's sentences, the same layers keep them apart. The change of each weight matrix is kept as
a product of two thin ones (low-rank adaptation, Hu et al. 2022), in a file of its own that belongs to one encoder. The
encoder's own layers stay as they are, for the published methods and for embeddings; `gated` reads the adapted ones.

A file holds, for matrices `encoder.layer.N....weight` [out, in], `....weight.down` [rank, in] and `....weight.up`
[out, rank], float16: the adapted matrix is weight + up down. All its layers are adapted from the first one on.
`benches/adaptation` makes such a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from safetensors import SafetensorError, safe_open

from alliancekit.errors import EncoderError
from alliancekit.model.bundle import record
from alliancekit.model.tensors import Tensors

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PREFIX: Final = "adapted."
"""What the names of adapted layers and their weights begin with."""

LAYER: Final = re.compile(r"encoder\.layer\.(\d+)\.")


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What a file of adapted layers holds.

    Attributes:
        path: the file.
        shared_layers: how many layers come before the first adapted one.
        weights_sha256: of the encoder's weights file that it belongs to.
        inventory_sha256: of the inventory file with whose sentences it was trained.
        changes: by matrix, `down` [rank, in] and `up` [out, rank].

    """

    path: Path
    shared_layers: int
    weights_sha256: str
    inventory_sha256: str
    changes: dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]

    def check_fits(self, weights: Path, layers: int) -> None:
        """Raise EncoderError unless it belongs to the encoder with these weights."""
        found = record(weights).sha256
        if found != self.weights_sha256:
            raise EncoderError(
                f"{self.path}: belongs to weights with the SHA-256 {self.weights_sha256}, and {weights} has {found}; "
                "build without it, or take the encoder that it was made for."
            )
        if not 0 < self.shared_layers < layers:
            msg = f"{self.path}: its layers begin after {self.shared_layers}, and the encoder has {layers} layers."
            raise EncoderError(msg)

    def applied(self, tensors: Tensors) -> Tensors:
        """Return the encoder's tensors, and beside them those of its adapted layers under names with `PREFIX`."""
        known = set(tensors.arrays)
        if unknown := sorted(set(self.changes) - known):
            raise EncoderError(f"{self.path}: it changes {unknown[0]!r}, which the encoder does not have.")
        adapted = {
            f"{PREFIX}{name}": self._changed(name, array)
            for name, array in tensors.arrays.items()
            if (layer := LAYER.match(name)) and int(layer[1]) >= self.shared_layers
        }
        return Tensors(tensors.path, {**tensors.arrays, **adapted})

    def _changed(self, name: str, array: NDArray[np.float32]) -> NDArray[np.float32]:
        if name not in self.changes:
            return array
        down, up = self.changes[name]
        if (up.shape[0], down.shape[1]) != array.shape:
            raise EncoderError(
                f"{self.path}: {name!r} changes {[up.shape[0], down.shape[1]]}, not {list(array.shape)}."
            )
        return (array + up @ down).astype(np.float32)


def read_adaptation(path: Path) -> Adaptation:
    """Read a file of adapted layers. Raises EncoderError if it is damaged or none."""
    try:
        with safe_open(path, framework="numpy") as file:
            facts: dict[str, Any] = file.metadata() or {}
            tensors = {name: np.asarray(file.get_tensor(name), dtype=np.float32) for name in file.keys()}  # noqa: SIM118
        names = sorted(name.removesuffix(".down") for name in tensors if name.endswith(".down"))
        changes = {name: (tensors[f"{name}.down"], tensors[f"{name}.up"]) for name in names}
        shared = int(facts["shared_layers"])
        return Adaptation(path, shared, facts["weights_sha256"], facts["inventory_sha256"], changes)
    except (SafetensorError, OSError, KeyError, ValueError) as error:
        raise EncoderError(f"{path} is no readable file of adapted layers ({error}).") from error
