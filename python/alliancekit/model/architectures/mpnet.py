"""MPNet: BERT's layers without segments, and a learned bias for how far two tokens are apart (Song et al. 2020)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from alliancekit.model.architectures import bert

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.model.encoder import Encoder
    from alliancekit.model.graph import GraphWriter
    from alliancekit.model.layers import Layers
    from alliancekit.model.pooling import Hidden

MPNET: Final = bert.Family(
    "mpnet.",
    segments=False,
    query="attention.attn.q",
    key="attention.attn.k",
    value="attention.attn.v",
    output="attention.attn.o",
    attention_norm="attention.LayerNorm",
)

FURTHEST: Final = 128
"""From this distance on all are in the last bucket, as in T5 (Raffel et al. 2020)."""


def write(graph: GraphWriter, encoder: Encoder) -> Hidden:
    """Write the encoder, as `bert.write` does."""
    return bert.write(graph, encoder, MPNET, bias)


def bias(layers: Layers, encoder: Encoder) -> str:
    """Write the mask plus the bias of each distance, [batch, heads, sequence, sequence]."""
    graph, node = layers.graph, layers.graph.node
    buckets = encoder.config.size("relative_attention_num_buckets")
    table = layers.tensors.matrix("encoder.relative_attention_bias.weight", (buckets, layers.shape.heads))
    longest = encoder.max_tokens
    of_distance = table[bucket(np.arange(1 - longest, longest), buckets)]
    sizes = node("Shape", ["input_ids"], name="distance/sizes")
    length = node("Gather", [sizes, graph.constant("scalar_1", np.array(1))], name="distance/length", axis=0)
    bounds = [graph.constant(f"scalar_{place}", np.array(place)) for place in (0, 1)]
    places = node("Range", [bounds[0], length, bounds[1]], name="distance/places")
    column = node("Reshape", [places, graph.integers("column", [-1, 1])], name="distance/column")
    distances = node("Sub", [places, column], name="distance/distances")
    rows = node("Add", [distances, graph.integers("distance/zero", [longest - 1])], name="distance/rows")
    stored = graph.constant("distance/table", of_distance)
    gathered = node("Gather", [stored, rows], name="distance/gathered", axis=0)
    by_head = node("Transpose", [gathered], name="distance/by_head", perm=[2, 0, 1])
    return node("Add", [by_head, layers.attention_bias()], name="distance/bias")


def bucket(distance: NDArray[np.int64], buckets: int) -> NDArray[np.int64]:
    """Return the bucket of each distance (key's place less query's): exact when near, by logarithm when far.

    Example:
    >>> bucket(np.array([-200, -9, -1, 0, 1, 9, 200]), 32)
    array([15,  8,  1,  0, 17, 24, 31])

    """
    half, exact = buckets // 2, buckets // 4
    away = np.abs(distance)
    # In float32, as the model was trained: at a bucket's edge float64 rounds to the other side.
    ratio = np.maximum(away, 1).astype(np.float32) / np.float32(exact)
    far = exact + (np.log(ratio) / np.float32(np.log(FURTHEST / exact)) * np.float32(half - exact)).astype(np.int64)
    within = np.where(away < exact, away, np.minimum(far, half - 1))
    found: NDArray[np.int64] = within + half * (distance > 0)
    return found
