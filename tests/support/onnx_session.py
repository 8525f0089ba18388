"""Running a bundle's graph with ONNX Runtime's own Python package, apart from alliancekit's engine."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import onnx
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
from numpy.typing import NDArray

from alliancekit.model.prefix import PREFIX

if TYPE_CHECKING:
    from pathlib import Path

TokenIds = NDArray[np.int64]


def open_session(model: Path, *, threads: int = 1, optimized: Path | None = None) -> onnxruntime.InferenceSession:
    """Open a graph with every optimisation on, and save the optimised graph if asked to."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = 3
    if optimized is not None:
        options.optimized_model_filepath = str(optimized)
    return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])


def run(
    session: onnxruntime.InferenceSession, ids: TokenIds, mask: TokenIds | None = None
) -> dict[str, NDArray[np.float32]]:
    """Return every output for token ids [batch, sequence]; without a mask nothing is padding."""
    kept = np.ones_like(ids) if mask is None else mask
    values = session.run(None, {"input_ids": ids, "attention_mask": kept})
    return {output.name: value for output, value in zip(session.get_outputs(), values, strict=True)}


def fused_operators(model: Path, scratch: Path) -> Counter[str]:
    """Return how often each operator stands in the graph after ONNX Runtime has loaded and optimised it.

    The scoring part is left out: what is to be fused is the encoder.
    """
    optimized = scratch / "optimized.onnx"
    open_session(model, optimized=optimized)
    nodes = onnx.load(optimized).graph.node
    return Counter(node.op_type for node in nodes if not node.name.startswith(PREFIX))
