"""An encoder of the user's own, as an ONNX file: token ids in, hidden states out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import onnx
from onnx import helper

from alliancekit.errors import EncoderError
from alliancekit.model.onnx_file import read_model
from alliancekit.model.pooling import EMBEDDING
from alliancekit.model.prefix import PREFIX

if TYPE_CHECKING:
    from pathlib import Path

INPUTS: Final = ("input_ids", "attention_mask")
SEGMENTS: Final = "token_type_ids"
OURS: Final = ("pooling/", PREFIX)
NEWEST_OPSET: Final = 21
"""Until there the operators behind the encoder are written as they are in opset 12."""

RANK: Final = 3


@dataclass(frozen=True, slots=True)
class OwnEncoder:
    """A graph without outputs, the name of its hidden states [batch, sequence, size], and their size."""

    model: onnx.ModelProto
    hidden: str
    size: int


def read_own_encoder(path: Path) -> OwnEncoder:
    """Read and check the file. Raises EncoderError, saying what it has to be, or BundleError if it is no ONNX file."""
    model = read_model(path)
    _check_opset(path, model)
    _segments_are_zeros(model)
    names = [each.name for each in model.graph.input]
    if sorted(names) != sorted(INPUTS):
        msg = f"{path}: the inputs are {names}; an encoder has {', '.join(INPUTS)}, and {SEGMENTS} if it likes."
        raise EncoderError(msg)
    _check_names(path, model)
    hidden = model.graph.output[0]
    size = _size(path, hidden)
    del model.graph.output[:]
    return OwnEncoder(model, hidden.name, size)


def _check_opset(path: Path, model: onnx.ModelProto) -> None:
    foreign = sorted({each.domain for each in model.opset_import} - {"", "ai.onnx"})
    if foreign:
        msg = f"{path}: operators of {', '.join(foreign)} are not supported; export with operators of ai.onnx only."
        raise EncoderError(msg)
    version = next(each.version for each in model.opset_import)
    if version > NEWEST_OPSET:
        raise EncoderError(f"{path}: opset {version} is not supported; export with opset {NEWEST_OPSET} or lower.")


def _segments_are_zeros(model: onnx.ModelProto) -> None:
    """Put zeros in the place of the input `token_type_ids`: a turn is one segment."""
    kept = [each for each in model.graph.input if each.name != SEGMENTS]
    if len(kept) < len(model.graph.input):
        zeros = helper.make_node("Sub", ["input_ids", "input_ids"], [SEGMENTS], name=SEGMENTS)
        model.graph.node.insert(0, zeros)
        del model.graph.input[:]
        model.graph.input.extend(kept)


def _check_names(path: Path, model: onnx.ModelProto) -> None:
    names = {name for node in model.graph.node for name in node.output}
    for name in sorted(names | {each.name for each in model.graph.initializer}):
        if name.startswith(OURS) or name == EMBEDDING:
            msg = f"{path}: the name {name!r} is one that alliancekit gives; rename that value in the graph."
            raise EncoderError(msg)


def _size(path: Path, hidden: onnx.ValueInfoProto) -> int:
    tensor = hidden.type.tensor_type
    dimensions = tensor.shape.dim
    if tensor.elem_type != onnx.TensorProto.FLOAT or len(dimensions) != RANK or dimensions[2].dim_value < 1:
        msg = f"{path}: the first output, {hidden.name!r}, has to be float32 [batch, sequence, size] with a fixed size."
        raise EncoderError(msg)
    return int(dimensions[2].dim_value)
