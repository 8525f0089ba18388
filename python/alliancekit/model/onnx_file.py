"""ONNX files: written the same for the same graph, and read only if everything is inside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import onnx
from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # protobuf ships no types

from alliancekit.errors import BundleError, EncoderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LARGEST: Final = 2**31 - 1
"""A protobuf message cannot be larger, and weights outside the file are refused."""


def write_model(model: onnx.ModelProto, path: Path) -> None:
    """Write the graph; EncoderError if it does not fit into one file."""
    size = model.ByteSize()
    if size > LARGEST:
        msg = f"the graph has {size} bytes, and an ONNX file holds at most {LARGEST}; build with storage='float16'."
        raise EncoderError(msg)
    path.write_bytes(model.SerializeToString(deterministic=True))


def read_model(path: Path) -> onnx.ModelProto:
    """Read a graph; BundleError if it is damaged or keeps data in other files."""
    try:
        model = onnx.load(path, load_external_data=False)
    except (DecodeError, OSError) as error:
        raise BundleError(f"{path} is not a readable ONNX file ({error}); build the bundle again.") from error
    outside = [tensor.name for tensor in _tensors(model.graph) if tensor.data_location == onnx.TensorProto.EXTERNAL]
    if outside:
        msg = f"{path} keeps {outside[0]!r} in another file; external data is refused, save the model as one file."
        raise BundleError(msg)
    return model


def _tensors(graph: onnx.GraphProto) -> Iterator[onnx.TensorProto]:
    """Yield every tensor that can refer to a file, those of nodes and of graphs inside nodes included."""
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        yield from (sparse.values, sparse.indices)
    for node in graph.node:
        for attribute in node.attribute:
            yield from (attribute.t, *attribute.tensors)
            for inner in (attribute.g, *attribute.graphs):
                if inner.ByteSize():
                    yield from _tensors(inner)
