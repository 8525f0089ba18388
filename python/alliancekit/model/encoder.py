"""An encoder's Hugging Face folder: its files, how its token vectors are pooled, and how many tokens it takes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from alliancekit.errors import EncoderError, ParameterError
from alliancekit.model.adaptation import Adaptation, read_adaptation
from alliancekit.model.config import Config, read_config
from alliancekit.model.manifest import EncoderRecord

if TYPE_CHECKING:
    from pathlib import Path

Pooling = Literal["mean", "cls"]
"""How a text's token vectors become one: their mean, or the first one."""

POOLING_FLAGS: Final[dict[str, Pooling]] = {"pooling_mode_mean_tokens": "mean", "pooling_mode_cls_token": "cls"}
MODULES: Final = ("Transformer", "Pooling", "Normalize")
"""What a sentence-transformers model may be made of; the vector is brought to unit norm in any case."""


AFTER_PADDING: Final = ("roberta", "xlm-roberta", "mpnet")
"""Architectures whose positions are counted from after that of the padding token."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """What a builder needs to know of an encoder.

    `max_tokens` counts special tokens; `positions` is the number of rows of the position table that texts can use,
    the first of them `first_position`.
    """

    folder: Path
    config: Config
    pooling: Pooling
    max_tokens: int
    positions: int
    first_position: int
    onnx: Path | None = None
    adaptation: Adaptation | None = None

    @property
    def weights(self) -> Path:
        """The weights file."""
        return self.onnx or self.folder / "model.safetensors"

    @property
    def tokenizer(self) -> Path:
        """The tokenizer file."""
        return self.folder / "tokenizer.json"

    def record(self) -> EncoderRecord:
        """Return what a bundle says of the encoder; EncoderError if its sizes do not fit together."""
        shape = self.config.shape()
        return EncoderRecord(
            architecture=self.config.text("model_type"),
            layers=shape.layers,
            hidden=shape.hidden,
            heads=shape.heads,
            intermediate=shape.intermediate,
            activation=self.config.text("hidden_act"),
            epsilon=shape.epsilon,
            shared_layers=self.adaptation.shared_layers if self.adaptation else None,
        )


def read_encoder(
    folder: Path,
    *,
    max_tokens: int | None = None,
    pooling: Pooling | None = None,
    onnx: Path | None = None,
    adaptation: Path | None = None,
) -> Encoder:
    """Read the description of the encoder in `folder`; no weights are read yet.

    `max_tokens` and `pooling` override what the folder says, and an ONNX file its weights; `adaptation` is a file of
    adapted layers. Raises EncoderError if a file is missing, asks for something that is not supported or belongs to
    another encoder, ParameterError if `max_tokens` is not between 3 and the number of positions, or an ONNX file is to
    have adapted layers.
    """
    config = read_config(folder / "config.json")
    first = config.size("pad_token_id") + 1 if config.values.get("model_type") in AFTER_PADDING else 0
    positions = config.size("max_position_embeddings") - first
    limit = _limit(folder, positions, max_tokens)
    adapted = read_adaptation(adaptation) if adaptation else None
    encoder = Encoder(folder, config, pooling or _pooling(folder), limit, positions, first, onnx, adapted)
    for file in (encoder.weights, encoder.tokenizer):
        if not file.is_file():
            msg = f"{file} is missing; a bundle needs the encoder's weights as safetensors and its tokenizer.json."
            raise EncoderError(msg)
    if adapted is not None:
        if onnx is not None:
            raise ParameterError("an ONNX encoder of your own is taken as it is; adapted layers need its weights.")
        adapted.check_fits(encoder.weights, config.shape().layers)
    return encoder


def _pooling(folder: Path) -> Pooling:
    config = read_config(folder / _modules(folder)["Pooling"] / "config.json")
    named = config.values.get("pooling_mode")
    asked = [flag for flag, on in config.values.items() if flag.startswith("pooling_mode_") and on is True]
    modes = [named] if isinstance(named, str) else asked
    known = [mode for flag, mode in POOLING_FLAGS.items() if modes in ([flag], [mode])]
    if len(known) != 1:
        raise EncoderError(f"{config.path}: the pooling {modes} is not supported; supported: mean or cls, one of them.")
    return known[0]


def _modules(folder: Path) -> dict[str, str]:
    """Return the folder of each module by its kind, e.g. ``{"Pooling": "1_Pooling"}``."""
    path = folder / "modules.json"
    listed = _json_list(path)
    kinds = {str(module.get("type", "")).rsplit(".", 1)[-1]: str(module.get("path", "")) for module in listed}
    unknown = sorted(set(kinds) - set(MODULES))
    if unknown:
        raise EncoderError(f"{path}: modules {unknown} are not supported; supported: {', '.join(MODULES)}.")
    if "Pooling" not in kinds:
        raise EncoderError(f"{path} names no Pooling module; add one that says mean or cls (`1_Pooling/config.json`).")
    return kinds


def _json_list(path: Path) -> list[dict[str, Any]]:
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        msg = f"{path} is missing; without it nothing says how token vectors are pooled."
        raise EncoderError(msg) from error
    except ValueError as error:
        raise EncoderError(f"{path} is not readable JSON ({error}); fetch the encoder again.") from error
    if not isinstance(listed, list) or not all(isinstance(module, dict) for module in listed):
        raise EncoderError(f"{path} has to hold a list of modules.")
    return listed


def _limit(folder: Path, positions: int, asked: int | None) -> int:
    own = _sentence_config(folder).get("max_seq_length")
    if asked is not None:
        if not 3 <= asked <= positions:  # noqa: PLR2004  # two special tokens and one of the text
            msg = f"max_tokens is {asked}, and has to be between 3 and the encoder's {positions} positions."
            raise ParameterError(msg)
        return asked
    return min(own, positions) if isinstance(own, int) else positions


def _sentence_config(folder: Path) -> dict[str, Any]:
    path = folder / "sentence_bert_config.json"
    values = read_config(path).values if path.is_file() else {}
    if values.get("do_lower_case"):
        msg = f"{path}: do_lower_case = true is not supported; set it to false if tokenizer.json lower-cases by itself."
        raise EncoderError(msg)
    return values
