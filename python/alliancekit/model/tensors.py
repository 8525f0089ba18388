"""The weights of an encoder, read from safetensors and checked by name and shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from alliancekit.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

RENAMED = {"LayerNorm.gamma": "LayerNorm.weight", "LayerNorm.beta": "LayerNorm.bias"}
"""Names that files converted from TensorFlow still bear."""


@dataclass(frozen=True, slots=True)
class Tensors:
    """Named arrays of one weights file.

    Example:
    >>> from pathlib import Path
    >>> Tensors(Path("w.safetensors"), {"a": np.zeros(2, np.float32)}).vector("a", 2)
    array([0., 0.], dtype=float32)

    """

    path: Path
    arrays: dict[str, NDArray[np.float32]]

    def matrix(self, name: str, shape: tuple[int, int]) -> NDArray[np.float32]:
        """Return the float32 matrix `name`; EncoderError if it is missing or of another shape."""
        return self._get(name, shape)

    def vector(self, name: str, length: int) -> NDArray[np.float32]:
        """Return the float32 vector `name`; EncoderError if it is missing or of another length."""
        return self._get(name, (length,))

    def _get(self, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
        if name not in self.arrays:
            msg = f"{self.path}: the tensor {name!r} is missing; is the file of the architecture in config.json?"
            raise EncoderError(msg)
        array = self.arrays[name]
        if array.shape != shape:
            msg = f"{self.path}: {name!r} has the shape {list(array.shape)}, and config.json asks for {list(shape)}."
            raise EncoderError(msg)
        return array.astype(np.float32, copy=False)


def read_tensors(path: Path, *, prefix: str) -> Tensors:
    """Read a safetensors file; `prefix` (``bert.``) is cut off where names bear it. EncoderError if damaged."""
    try:
        arrays = load_file(path)
    except (SafetensorError, OSError, KeyError, TypeError) as error:
        msg = f"{path} is not a readable safetensors file ({error}); fetch the encoder's weights again."
        raise EncoderError(msg) from error
    return Tensors(path, {_plain(name, prefix): array for name, array in arrays.items()})


def _plain(name: str, prefix: str) -> str:
    plain = name.removeprefix(prefix)
    for old, new in RENAMED.items():
        plain = plain.replace(old, new)
    return plain
