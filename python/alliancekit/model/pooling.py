"""From token vectors to one unit-norm vector a turn, of the last layer and of some before it.

Mean pooling is a MatMul with the mask. A sum over the sequence axis by ReduceSum takes another path for another batch
or padding and gives other bits; the product of a row with a matrix does not. The count of tokens is not divided by:
the vector is brought to unit norm afterwards, which takes any positive factor out.
"""

from __future__ import annotations

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Hidden:
    """Names of the hidden states [batch, sequence, d] after each layer; `adapted`: of the last layers, once more."""

    own: tuple[str, ...]
    adapted: tuple[str, ...] = ()


def tapped(layers: int) -> tuple[int, ...]:
    """Return the tapped layers of an encoder, counted from 1; fewer where it is short.

    Example:
    >>> tapped(6), tapped(12), tapped(1)
    ((2, 3, 4, 5), (4, 6, 8, 10), (1,))

    """
    return tuple(dict.fromkeys(max(1, round(part * layers)) for part in TAPS))


def pool(graph: GraphWriter, hidden: Hidden, pooling: Pooling) -> tuple[PooledRecord, ...]:
    """Write the poolings of the hidden states and return what was pooled.

    The encoder's own last layer becomes the unit-norm `embedding` [batch, d]. The tapped layers become the `STATES`:
    those that are adapted, and the last adapted one too, in the place of the encoder's own.
    """
    last = len(hidden.own)
    write = {"mean": _mean, "cls": _first}[pooling]
    records = _records(last, last - len(hidden.adapted))
    for each in records:
        named = hidden.adapted[each.layer - last - 1] if each.adapted else hidden.own[each.layer - 1]
        row = write(graph, named, each.tensor)
        graph.node("Reshape", [row, graph.integers("pooling/vector", [0, -1])], name=each.tensor)
    graph.node("LpNormalization", [POOLED], name=EMBEDDING, axis=-1, p=2)
    write_states(graph, [each.tensor for each in read_by_gated(records)])
    return records


def read_by_gated(pooled: Sequence[PooledRecord]) -> tuple[PooledRecord, ...]:
    """Return those of which the `STATES` are made: the tapped layers, and with adapted layers these alone above."""
    last = max((each.layer for each in pooled), default=0)
    if any(each.adapted for each in pooled):
        return tuple(each for each in pooled if each.adapted or each.layer < last)
    return tuple(each for each in pooled if each.layer in tapped(last))


def _records(last: int, shared: int) -> tuple[PooledRecord, ...]:
    own = [PooledRecord(_name(layer, last), layer) for layer in tapped(last) if layer <= min(shared, last - 1)]
    above = [layer for layer in sorted({*tapped(last), last}) if layer > shared]
    adapted = [PooledRecord(f"pooling/adapted_layer_{layer}", layer, adapted=True) for layer in above]
    return (*own, *adapted, PooledRecord(POOLED, last))


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
