"""From token vectors to one unit-norm vector a turn.

Mean pooling is a MatMul with the mask. A sum over the sequence axis by ReduceSum takes another path for another batch
or padding and gives other bits; the product of a row with a matrix does not. The count of tokens is not divided by:
the vector is brought to unit norm afterwards, which takes any positive factor out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from onnx import TensorProto

if TYPE_CHECKING:
    from alliancekit.model.encoder import Pooling
    from alliancekit.model.graph import GraphWriter

EMBEDDING: Final = "embedding"
POOLED: Final = "pooling/pooled"
"""The last hidden states, pooled and not yet of unit norm, float32 [batch, d]."""


def pool(graph: GraphWriter, hidden: str, pooling: Pooling) -> str:
    """Write the pooling of `hidden` [batch, sequence, d] to the unit-norm `embedding` [batch, d]."""
    row = {"mean": _mean, "cls": _first}[pooling](graph, hidden)
    pooled = graph.node("Squeeze", [row], name=POOLED, axes=[1])
    return graph.node("LpNormalization", [pooled], name=EMBEDDING, axis=-1, p=2)


def _mean(graph: GraphWriter, hidden: str) -> str:
    kept = graph.node("Cast", ["attention_mask"], name="pooling/kept", to=TensorProto.FLOAT)
    row = graph.node("Unsqueeze", [kept], name="pooling/row", axes=[1])
    return graph.node("MatMul", [row, hidden], name="pooling/total")


def _first(graph: GraphWriter, hidden: str) -> str:
    return graph.node("Gather", [hidden, graph.integers("first", [0])], name="pooling/first", axis=1)
