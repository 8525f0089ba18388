"""The method `gated` inside the graph: the states of the tapped layers in, scores out (`inventory.gated`).

As in `scoring`, every product has its matrix on the left and a turn's own vector on the right, so that a turn has the
same bits alone and in any batch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from alliancekit.inventory import FORMS
from alliancekit.model.graph import BATCH, GraphWriter
from alliancekit.model.pooling import STATES
from alliancekit.model.prefix import PREFIX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from alliancekit.inventory.gated import Gated

HERE = f"{PREFIX}gated"


def write_gated(graph: GraphWriter, gated: Gated, name: str) -> dict[str, list[int | str]]:
    """Write the output `name` [batch, forms, scales + 1] and return its shape."""
    read = _reading(graph, gated, _features(graph, gated))
    outputs = 2 * gated.scales + 1
    rows = graph.node("Reshape", [read, graph.integers(f"{HERE}.rows", [-1, outputs])], name=f"{HERE}/rows")
    valence = _columns(graph, rows, 0, gated.scales)
    relevance = _columns(graph, rows, gated.scales, outputs)
    shares = graph.node("Softmax", [relevance], name=f"{HERE}/shares", axis=1)
    gate = _columns(graph, shares, 0, gated.scales)
    product = graph.node("Mul", [valence, gate], name=f"{HERE}/product")
    size = graph.integers(f"{HERE}.column", [-1, gated.scales, 1])
    column = graph.node("Reshape", [product, size], name=f"{HERE}/column")
    with_total = np.vstack([np.eye(gated.scales), np.full(gated.scales, 1 / gated.scales)])
    scored = _product(graph, "with_total", with_total, column)
    shape = graph.integers(f"{HERE}.shape", [-1, len(FORMS), gated.scales + 1])
    graph.node("Reshape", [scored, shape], name=name)
    return {name: [BATCH, len(FORMS), gated.scales + 1]}


def _features(graph: GraphWriter, gated: Gated) -> str:
    """Write the features as columns, [batch, taps * d, 1]."""
    centred = graph.node("Sub", [STATES, _stored(graph, "mean", gated.mean)], name=f"{HERE}/centred")
    standard = graph.node("Div", [centred, _stored(graph, "deviation", gated.deviation)], name=f"{HERE}/standard")
    unit = graph.node("LpNormalization", [standard], name=f"{HERE}/features", axis=-1, p=2)
    size = graph.integers(f"{HERE}.turns", [-1, len(gated.mean), 1])
    return graph.node("Reshape", [unit, size], name=f"{HERE}/turns")


def _reading(graph: GraphWriter, gated: Gated, turns: str) -> str:
    """Write constant + linear . x + h . quadratic h, [batch, outputs, 1]."""
    reading = gated.reading
    outputs, rank, _ = reading.quadratic.shape
    linear = _product(graph, "linear", reading.linear, turns)
    h = _product(graph, "basis", reading.basis, turns)
    across = graph.node("Transpose", [h], name=f"{HERE}/across", perm=[0, 2, 1])
    pairs = graph.node("MatMul", [h, across], name=f"{HERE}/pairs")
    size = graph.integers(f"{HERE}.pairs", [-1, rank * rank, 1])
    flat = graph.node("Reshape", [pairs, size], name=f"{HERE}/flat")
    quadratic = _product(graph, "quadratic", reading.quadratic.reshape(outputs, rank * rank), flat)
    forms = graph.node("Add", [linear, quadratic], name=f"{HERE}/forms")
    return graph.node("Add", [forms, _stored(graph, "constant", reading.constant[:, None])], name=f"{HERE}/read")


def _product(graph: GraphWriter, name: str, matrix: NDArray[Any], columns: str) -> str:
    return graph.node("MatMul", [_stored(graph, name, matrix), columns], name=f"{HERE}/{name}")


def _columns(graph: GraphWriter, rows: str, first: int, last: int) -> str:
    bounds = [graph.integers(f"{HERE}.column_{place}", [place]) for place in (first, last, 1)]
    return graph.node("Slice", [rows, bounds[0], bounds[1], bounds[2]], name=f"{rows}_{first}_{last}")


def _stored(graph: GraphWriter, name: str, values: NDArray[Any]) -> str:
    return graph.constant(f"{HERE}.{name}", values.astype(np.float32))
