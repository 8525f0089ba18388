"""From token vectors to one unit-norm vector a turn, of the last layer and of some before it.

Mean pooling is a MatMul with the mask. A sum over the sequence axis by ReduceSum takes another path for another batch
or padding and gives other bits; the product of a row with a matrix does not. The count of tokens is not divided by:
the vector is brought to unit norm afterwards, which takes any positive factor out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from onnx import TensorProto

from alliancekit.model.manifest import PooledRecord

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.model.encoder import Pooling
    from alliancekit.model.graph import GraphWriter

EMBEDDING: Final = "embedding"
POOLED: Final = "pooling/pooled"
"""The last hidden states, pooled and not yet of unit norm, float32 [batch, d]."""

STATES: Final = "pooling/states"
"""The pooled states of the tapped layers, each of unit norm, end to end: float32 [batch, taps * d]."""

TAPS: Final = (1 / 3, 1 / 2, 2 / 3, 5 / 6)
"""Which layers are tapped, as parts of the way through the encoder: of 6 layers the 2nd to the 5th."""


def tapped(layers: int) -> tuple[int, ...]:
    """Return the tapped layers of an encoder, counted from 1; fewer where it is short.

    Example:
    >>> tapped(6), tapped(12), tapped(1)
    ((2, 3, 4, 5), (4, 6, 8, 10), (1,))

    """
    return tuple(dict.fromkeys(max(1, round(part * layers)) for part in TAPS))


def pool(graph: GraphWriter, hidden: Sequence[str], pooling: Pooling) -> tuple[PooledRecord, ...]:
    """Write the poolings of `hidden`, the states [batch, sequence, d] after each layer, and return what was pooled.

    The last layer becomes the unit-norm `embedding` [batch, d], the tapped layers become the `STATES`.
    """
    last = len(hidden)
    write = {"mean": _mean, "cls": _first}[pooling]
    records = tuple(PooledRecord(_name(layer, last), layer) for layer in sorted({*tapped(last), last}))
    for each in records:
        row = write(graph, hidden[each.layer - 1], each.tensor)
        graph.node("Reshape", [row, graph.integers("pooling/vector", [0, -1])], name=each.tensor)
    graph.node("LpNormalization", [POOLED], name=EMBEDDING, axis=-1, p=2)
    write_states(graph, [_name(layer, last) for layer in tapped(last)])
    return records


def write_states(graph: GraphWriter, pooled: Sequence[str]) -> str:
    """Write the `STATES` of pooled tensors [batch, d]."""
    units = [graph.node("LpNormalization", [name], name=f"{name}/unit", axis=-1, p=2) for name in pooled]
    return graph.node("Concat", units, name=STATES, axis=1)


def _name(layer: int, last: int) -> str:
    return POOLED if layer == last else f"pooling/layer_{layer}"


def _mean(graph: GraphWriter, hidden: str, name: str) -> str:
    if "pooling/row" not in graph.names():
        kept = graph.node("Cast", ["attention_mask"], name="pooling/kept", to=TensorProto.FLOAT)
        graph.node("Reshape", [kept, graph.integers("pooling/across", [0, 1, -1])], name="pooling/row")
    return graph.node("MatMul", ["pooling/row", hidden], name=f"{name}/total")


def _first(graph: GraphWriter, hidden: str, name: str) -> str:
    return graph.node("Gather", [hidden, graph.integers("pooling/first", [0])], name=f"{name}/first", axis=1)
