"""What comes into each matrix of an encoder: taken from the bundle's own graph, run by ONNX Runtime."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

MATRICES: Final = ("projections", "output", "widen", "narrow")
"""A layer's matrices: queries, keys and values side by side; after attention; the two of the feed-forward part."""

BATCH_TOKENS: Final = 2048
"""Tokens that the encoder reads at once."""

SOURCES: Final = {
    "projections": ("attention.self.query", "attention.self.key", "attention.self.value"),
    "output": ("attention.output.dense",),
    "widen": ("intermediate.dense",),
    "narrow": ("output.dense",),
}
"""Where each of them is in the weights file, after `encoder.layer.N.`."""


@dataclass(frozen=True, slots=True)
class Observed:
    """A matrix and what came into it.

    Attributes:
        weight: the matrix, float32 [inputs, outputs].
        largest: the largest magnitude of each input, [inputs].
        products: sums over tokens of the products of any two inputs, float64 [inputs, inputs].
        tokens: how many were observed.

    """

    weight: NDArray[np.float32]
    largest: NDArray[np.float32]
    products: NDArray[np.float64]
    tokens: int


def observe(
    model: onnx.ModelProto, layers: Sequence[str], sequences: Iterable[Sequence[int]]
) -> dict[tuple[str, str], Observed]:
    """Run the encoder on token ids and return what came into each matrix, by layer (`encoder.layer.0`) and name."""
    places = [(layer, name) for layer in layers for name in MATRICES]
    inputs = {place: _input(model, *place) for place in places}
    weights = _weights(model)
    found = {place: _nothing(_matrix(weights, *place)) for place in places}
    session = _session(model, sorted(set(inputs.values())))
    names = [output.name for output in session.get_outputs()]
    for ids in _of_one_length(sequences):
        ran = session.run(names, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        values = dict(zip(names, ran, strict=True))
        for place in places:
            rows = values[inputs[place]]
            found[place] = _with(found[place], rows.reshape(-1, rows.shape[-1]))
    return found


def _of_one_length(sequences: Iterable[Sequence[int]]) -> Iterator[NDArray[np.int64]]:
    """Yield token ids [batch, length] of at most `BATCH_TOKENS` tokens, so that nothing is padded."""
    by_length: dict[int, list[Sequence[int]]] = defaultdict(list)
    for ids in sequences:
        by_length[len(ids)].append(ids)
    for length, group in sorted(by_length.items()):
        size = max(1, BATCH_TOKENS // max(length, 1))
        for start in range(0, len(group), size):
            yield np.array(group[start : start + size], dtype=np.int64)


def _nothing(weight: NDArray[np.float32]) -> Observed:
    size = weight.shape[0]
    return Observed(weight, np.zeros(size, np.float32), np.zeros((size, size)), 0)


def _with(before: Observed, rows: NDArray[np.float32]) -> Observed:
    largest = np.maximum(before.largest, np.abs(rows).max(axis=0))
    products = before.products
    products += rows.T @ rows
    return Observed(before.weight, largest, products, before.tokens + len(rows))


def _input(model: onnx.ModelProto, layer: str, name: str) -> str:
    """Name the value that a matrix is multiplied with."""
    product = f"{layer}.{SOURCES[name][0]}/matmul"
    return str(next(node.input[0] for node in model.graph.node if node.output[0] == product))


def _weights(model: onnx.ModelProto) -> dict[str, TensorProto]:
    return {tensor.name.removesuffix(".float16"): tensor for tensor in model.graph.initializer}


def _matrix(weights: dict[str, TensorProto], layer: str, name: str) -> NDArray[np.float32]:
    parts = [weights[f"{layer}.{source}.weight"] for source in SOURCES[name]]
    return np.hstack([numpy_helper.to_array(part).astype(np.float32) for part in parts])


def _session(model: onnx.ModelProto, outputs: list[str]) -> Any:  # noqa: ANN401  # onnxruntime ships no types
    """Open the encoder with other outputs, on one thread, so that sums come in one order."""
    onnxruntime = import_module("onnxruntime")  # takes time, and nothing else needs its Python part

    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    del changed.graph.output[:]
    changed.graph.output.extend(helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return onnxruntime.InferenceSession(changed.SerializeToString(), options, providers=["CPUExecutionProvider"])
