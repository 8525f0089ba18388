"""The JSON files of an encoder's folder, with errors that name the file and the key."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alliancekit.errors import EncoderError

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a transformer encoder."""

    hidden: int
    heads: int
    intermediate: int
    layers: int
    epsilon: float

    @property
    def head(self) -> int:
        """Width of one attention head."""
        return self.hidden // self.heads


@dataclass(frozen=True, slots=True)
class Config:
    """One JSON object and the file it came from.

    Example:
    >>> from pathlib import Path
    >>> Config(Path("config.json"), {"hidden_size": 384}).size("hidden_size")
    384

    """

    path: Path
    values: dict[str, Any]

    def text(self, key: str) -> str:
        """Return a text; EncoderError if the key is missing or holds something else."""
        value = self.values.get(key)
        if not isinstance(value, str):
            raise EncoderError(f"{self.path}: {key!r} has to be a text, and is {value!r}.")
        return value

    def size(self, key: str) -> int:
        """Return a whole number above 0; EncoderError otherwise."""
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise EncoderError(f"{self.path}: {key!r} has to be a whole number above 0, and is {value!r}.")
        return value

    def require(self, key: str, expected: str, *, default: str | None = None) -> None:
        """Raise EncoderError unless `key` holds the one value that is supported."""
        value = self.values.get(key, default)
        if value != expected:
            raise EncoderError(f"{self.path}: {key} = {value!r} is not supported; supported: {expected!r}.")

    def shape(self) -> Shape:
        """Return the sizes, by the names that BERT and its relatives use; EncoderError if they do not fit together."""
        shape = Shape(
            hidden=self.size("hidden_size"),
            heads=self.size("num_attention_heads"),
            intermediate=self.size("intermediate_size"),
            layers=self.size("num_hidden_layers"),
            epsilon=float(self.values.get("layer_norm_eps", 1e-12)),
        )
        if shape.hidden % shape.heads:
            msg = f"{self.path}: hidden_size {shape.hidden} is no multiple of num_attention_heads {shape.heads}."
            raise EncoderError(msg)
        return shape


def read_config(path: Path) -> Config:
    """Read a JSON object; EncoderError if the file is missing or is not one."""
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        msg = f"{path} is missing; an encoder's folder is one that sentence-transformers or `huggingface-cli` saved."
        raise EncoderError(msg) from error
    except (ValueError, OSError) as error:
        raise EncoderError(f"{path} is not readable JSON ({error}); fetch the encoder again.") from error
    if not isinstance(values, dict):
        raise EncoderError(f"{path} has to hold a JSON object, and holds a {type(values).__name__}.")
    return Config(path, values)
