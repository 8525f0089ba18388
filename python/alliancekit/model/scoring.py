"""The scoring matrices inside the graph: `embedding` in; `items` and the scores of each method out.

A row vector times a matrix has its own code path in ONNX Runtime, with sums in another order than a matrix times a
matrix, and a batch of rows times one matrix is taken for the second: a turn alone and the same turn in a batch came out
with other bits. With the matrix on the left, [k, d] times [batch, d, 1], each turn is a product of its own whatever the
batch: the same bits.

Behind the encoder vectors are turned into columns by Reshape: Unsqueeze is written one way up to opset 12 and another
way from 13 on, and an encoder of the user's own may be of either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import onnx

from alliancekit.model.gating import write_gated
from alliancekit.model.graph import BATCH, GraphWriter, output_info
from alliancekit.model.pooling import EMBEDDING
from alliancekit.model.prefix import PREFIX

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from alliancekit.inventory.gated import Gated

ITEMS: Final = "items"


def scores_name(method: str) -> str:
    """Return the output that holds a method's scores.

    Example:
    >>> scores_name("signed-sum")
    'scores_signed_sum'

    """
    return f"scores_{method.replace('-', '_')}"


def write_scoring(graph: GraphWriter, matrices: Mapping[str, NDArray[np.float32]]) -> dict[str, list[int | str]]:
    """Write an output [batch, forms, rows] for each matrix [forms, rows, d], and return the outputs' shapes."""
    width = next(iter(matrices.values())).shape[2]
    turns = graph.node("Reshape", [EMBEDDING, graph.integers(f"{PREFIX}column", [-1, width, 1])], name=f"{PREFIX}turns")
    for name, matrix in matrices.items():
        forms, rows, _ = matrix.shape
        stored = graph.constant(f"{PREFIX}{name}.matrix", matrix.reshape(forms * rows, width))
        flat = graph.node("MatMul", [stored, turns], name=f"{PREFIX}{name}/flat")
        shape = graph.integers(f"{PREFIX}{name}.shape", [-1, forms, rows])
        graph.node("Reshape", [flat, shape], name=name)
    return {name: [BATCH, *matrix.shape[:2]] for name, matrix in matrices.items()}


def add_scoring(
    encoder: onnx.ModelProto, matrices: Mapping[str, NDArray[np.float32]], gated: Gated | None = None
) -> onnx.ModelProto:
    """Return a copy of the encoder's graph with the scoring outputs added after `embedding`."""
    writer = GraphWriter(storage="float32")
    outputs = write_scoring(writer, matrices)
    if gated is not None:
        outputs |= write_gated(writer, gated, scores_name("gated"))
    return extended(encoder, writer, outputs)


def with_output(encoder: onnx.ModelProto, name: str, size: int) -> onnx.ModelProto:
    """Return a copy of the encoder's graph with a value inside it, [batch, size], as an output."""
    return extended(encoder, GraphWriter(storage="float32"), {name: [BATCH, size]})


def extended(
    encoder: onnx.ModelProto, writer: GraphWriter, outputs: Mapping[str, Sequence[int | str]]
) -> onnx.ModelProto:
    """Return a copy of the encoder's graph with what was written, and its outputs, behind it."""
    model = onnx.ModelProto()
    model.CopyFrom(encoder)
    model.graph.node.extend(writer.nodes)
    model.graph.initializer.extend(writer.initializers.values())
    model.graph.output.extend(output_info(name, shape) for name, shape in outputs.items())
    onnx.checker.check_model(model)
    return model


def strip_scoring(model: onnx.ModelProto) -> onnx.ModelProto:
    """Return a copy of the graph without its scoring part: token ids in, `embedding` out."""
    encoder = onnx.ModelProto()
    encoder.CopyFrom(model)
    outputs = {output.name for output in model.graph.output} - {EMBEDDING}
    for parts in (encoder.graph.node, encoder.graph.initializer, encoder.graph.output):
        kept = [part for part in parts if part.name not in outputs and not part.name.startswith(PREFIX)]
        del parts[:]
        parts.extend(kept)
    return encoder
