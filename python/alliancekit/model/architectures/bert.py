"""BERT and its relatives: token, position and segment embeddings, then post-norm layers (Devlin et al. 2019).

Relatives differ in the names of their weights, in where positions begin, and in what is added to attention logits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from onnx import TensorProto

from alliancekit.model.adaptation import PREFIX
from alliancekit.model.graph import BATCH, SEQUENCE, GraphWriter
from alliancekit.model.layers import AttentionNames, Layers
from alliancekit.model.pooling import Hidden, tapped
from alliancekit.model.tensors import read_tensors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.model.encoder import Encoder


@dataclass(frozen=True, slots=True)
class Family:
    """How an architecture names its weights; `prefix` is what names begin with if it was saved with a head."""

    prefix: str
    segments: bool = True
    query: str = "attention.self.query"
    key: str = "attention.self.key"
    value: str = "attention.self.value"
    output: str = "attention.output.dense"
    attention_norm: str = "attention.output.LayerNorm"

    def attention(self, source: str) -> AttentionNames:
        """Return the names of the attention of the layer `source`."""
        return AttentionNames(*(f"{source}.{name}" for name in (self.query, self.key, self.value, self.output)))


BERT: Final = Family("bert.")

Bias = Callable[[Layers, "Encoder"], str]
"""Writes what is added to attention logits, [batch or 1, heads or 1, sequence or 1, sequence]."""


def mask_bias(layers: Layers, encoder: Encoder) -> str:  # noqa: ARG001  # others need it
    """Write the mask alone."""
    return layers.attention_bias()


def write(graph: GraphWriter, encoder: Encoder, family: Family = BERT, bias: Bias = mask_bias) -> Hidden:
    """Write the encoder and return the names of the hidden states after each layer, float32 [batch, sequence, hidden].

    Raises EncoderError where config.json asks for what is not written here, or the weights do not fit it.
    """
    encoder.config.require("hidden_act", "gelu")
    encoder.config.require("position_embedding_type", "absolute", default="absolute")
    tensors, adaptation = read_tensors(encoder.weights, prefix=family.prefix), encoder.adaptation
    if adaptation is not None:
        tensors = adaptation.applied(tensors)
    layers = Layers(graph, tensors, encoder.config.shape())
    hidden, added = embeddings(layers, encoder, family), bias(layers, encoder)
    last, taps = layers.shape.layers, tapped(layers.shape.layers)
    if adaptation is None:
        return Hidden(tuple(stack(layers, hidden, added, family, range(1, last + 1), taps=taps)[1]))
    upper = range(adaptation.shared_layers + 1, last + 1)
    hidden, shared = stack(layers, hidden, added, family, range(1, upper.start), taps=taps)
    _, own = stack(layers, hidden, added, family, upper)
    _, adapted = stack(layers, hidden, added, family, upper, taps=taps, prefix=PREFIX)
    return Hidden((*shared, *own), tuple(adapted))


def stack(  # noqa: PLR0913  # where it begins and ends, who reads it, and whose weights it has
    layers: Layers,
    hidden: str,
    added: str,
    family: Family,
    numbers: range,
    *,
    taps: Sequence[int] = (),
    prefix: str = "",
) -> tuple[str, list[str]]:
    """Write some layers, one after the other; return what the next one reads, and the states after each."""
    states = []
    for number in numbers:
        tap = number in taps and number < layers.shape.layers
        hidden, state = layer(layers, hidden, added, f"{prefix}encoder.layer.{number - 1}", family, tap=tap)
        states.append(state)
    return hidden, states


def embeddings(layers: Layers, encoder: Encoder, family: Family) -> str:
    """Write the sum of token, segment (always 0) and position embeddings, normalised."""
    graph, tensors, hidden = layers.graph, layers.tensors, layers.shape.hidden
    words = token_embeddings(layers, encoder.config.size("vocab_size"))
    if family.segments:
        segments = encoder.config.size("type_vocab_size")
        segment = tensors.matrix("embeddings.token_type_embeddings.weight", (segments, hidden))[0]
        words = graph.node("Add", [words, graph.constant("embeddings.segment_0", segment)], name="embeddings/typed")
    first = encoder.first_position
    table = tensors.matrix("embeddings.position_embeddings.weight", (first + encoder.positions, hidden))
    positions = position_embeddings(graph, table[first : first + encoder.max_tokens])
    total = graph.node("Add", [words, positions], name="embeddings/sum")
    # Without the declared shape ONNX Runtime sees an unknown length here, and leaves the layers' norms unfused.
    graph.declare(total, [BATCH, SEQUENCE, hidden])
    return layers.norm(total, "embeddings.LayerNorm")


def token_embeddings(layers: Layers, vocabulary: int) -> str:
    """Write the look-up of tokens. A table stored as float16 stays so in memory: only the rows looked up are cast."""
    graph, name = layers.graph, "embeddings.word_embeddings.weight"
    table = layers.tensors.matrix(name, (vocabulary, layers.shape.hidden))
    if graph.storage == "float32":
        return graph.node("Gather", [graph.constant(name, table), "input_ids"], name="embeddings/words", axis=0)
    stored = graph.constant(f"{name}.float16", table.astype(np.float16))
    rows = graph.node("Gather", [stored, "input_ids"], name="embeddings/rows", axis=0)
    return graph.node("Cast", [rows], name="embeddings/words", to=TensorProto.FLOAT)


def position_embeddings(graph: GraphWriter, table: NDArray[np.float32]) -> str:
    """Write the first `sequence` rows of the position table."""
    stored = graph.matrix("embeddings.position_embeddings.weight", table)
    sizes = graph.node("Shape", ["input_ids"], name="embeddings/sizes")
    zero, one, two = (graph.integers(f"axis_{axis}", [axis]) for axis in range(3))
    length = graph.node("Slice", [sizes, one, two, zero], name="embeddings/length")
    return graph.node("Slice", [stored, zero, length, zero], name="embeddings/positions")


def layer(  # noqa: PLR0913  # what a layer reads, where its weights are, and who reads it
    layers: Layers, x: str, bias: str, source: str, family: Family, *, tap: bool
) -> tuple[str, str]:
    """Write one layer: attention and feed-forward, each added to its input and normalised.

    Return what the next layer reads, and what a reader beside it reads (`Layers.tap`).
    """
    hidden, intermediate = layers.shape.hidden, layers.shape.intermediate
    attended = layers.attention(x, bias, family.attention(source))
    x = layers.add_and_norm(attended, x, f"{source}.{family.attention_norm}")
    wide = layers.linear(x, f"{source}.intermediate.dense", (hidden, intermediate))
    active = layers.gelu(wide, f"{source}.intermediate/gelu")
    narrow = layers.linear(active, f"{source}.output.dense", (intermediate, hidden))
    norm = f"{source}.output.LayerNorm"
    output = layers.add_and_norm(narrow, x, norm)
    return output, layers.tap(narrow, x, norm) if tap else output
