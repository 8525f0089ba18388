"""Writing an ONNX graph node by node: names, constants, and weights in the precision they are stored in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

Storage = Literal["float32", "float16"]
"""How the matrices of an encoder are kept in `model.onnx`; they are float32 again when the model is loaded."""

OPSET: Final = 12
"""Version of the ai.onnx operators. ONNX Runtime's attention fusion (1.28) knows the mask's Unsqueeze only as it was
before opset 13, so the graph is written in the last opset before that, with layer normalisation spelled out."""

IR_VERSION: Final = 7
"""The file format that goes with opset 12, so that older runtimes open the file too."""

BATCH: Final = "batch"
SEQUENCE: Final = "sequence"


@dataclass(slots=True)
class GraphWriter:
    """The nodes and initializers of a graph, in the order in which they were written.

    Each node has one output, which bears the node's name; `node` returns that name for the next one to use.

    Example:
    >>> writer = GraphWriter(storage="float32")
    >>> writer.node("Add", ["x", writer.constant("one", np.ones(1, np.float32))], name="y")
    'y'

    """

    storage: Storage
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    initializers: dict[str, onnx.TensorProto] = field(default_factory=dict)
    shapes: list[onnx.ValueInfoProto] = field(default_factory=list)

    # An attribute of a node is a number, a text or a list of them: onnx itself types it as Any.
    def node(self, operator: str, inputs: Sequence[str], *, name: str, **attributes: Any) -> str:  # noqa: ANN401
        """Append a node with one output and return the output's name."""
        self.nodes.append(helper.make_node(operator, list(inputs), [name], name=name, **attributes))
        return name

    def names(self) -> set[str]:
        """Return the names of the values written so far."""
        return {node.name for node in self.nodes}

    def constant(self, name: str, value: NDArray[Any]) -> str:
        """Store `value` as it is, once for each name, and return the name."""
        if name not in self.initializers:
            self.initializers[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def number(self, name: str, value: float) -> str:
        """Store one float32 number and return its name."""
        return self.constant(name, np.array(value, dtype=np.float32))

    def integers(self, name: str, values: Sequence[int]) -> str:
        """Store a short int64 list, such as a shape, and return its name."""
        return self.constant(name, np.array(values, dtype=np.int64))

    def matrix(self, name: str, value: NDArray[np.float32]) -> str:
        """Store a weight matrix in the precision of `storage` and return the name of its float32 values.

        With float16 a Cast stands between; ONNX Runtime folds it into a constant when it loads the graph.
        """
        if self.storage == "float32":
            return self.constant(name, value)
        stored = self.constant(f"{name}.float16", value.astype(np.float16))
        return self.node("Cast", [stored], name=name, to=TensorProto.FLOAT)

    def declare(self, name: str, shape: Sequence[int | str]) -> str:
        """State the shape of a float32 value that shape inference cannot work out, and return its name."""
        self.shapes.append(output_info(name, shape))
        return name

    def model(self, outputs: Mapping[str, Sequence[int | str]]) -> onnx.ModelProto:
        """Return the checked model: `input_ids` and `attention_mask` in, float32 `outputs` of the given shapes out."""
        graph = helper.make_graph(
            self.nodes,
            "alliancekit",
            [tokens_info("input_ids"), tokens_info("attention_mask")],
            [output_info(name, shape) for name, shape in outputs.items()],
            list(self.initializers.values()),
            value_info=self.shapes,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="alliancekit")
        model.ir_version = IR_VERSION
        onnx.checker.check_model(model)
        return model


def tokens_info(name: str) -> onnx.ValueInfoProto:
    """Describe an int64 input of shape [batch, sequence]."""
    return helper.make_tensor_value_info(name, TensorProto.INT64, [BATCH, SEQUENCE])


def output_info(name: str, shape: Sequence[int | str]) -> onnx.ValueInfoProto:
    """Describe a float32 output."""
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))
