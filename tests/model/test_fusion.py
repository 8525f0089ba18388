"""ONNX Runtime fuses our graph when it loads it: attention, residual with norm, bias with GELU."""

from __future__ import annotations

from typing import TYPE_CHECKING

import onnx
import pytest
from tests.support.onnx_session import fused_operators

from alliancekit.model.build import build_bundle
from alliancekit.model.pooling import tapped

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.model.graph import Storage


@pytest.mark.parametrize("storage", ["float32", "float16"])
def test_layers_are_fused_at_load(
    storage: Storage, tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    bundle = build_bundle(
        encoder=tiny_encoder, inventory=tiny_inventory_file, output=tmp_path / "bundle", storage=storage
    )
    assert_fused(bundle / "model.onnx", tmp_path, layers=2, taps=sum(layer < 2 for layer in tapped(2)))


@pytest.mark.parametrize(("output", "taps"), [("embedding", 0), ("scores_signed_sum", 0), ("scores_gated", 4)])
def test_each_branch_of_the_shipped_bundle_is_fused_at_load(
    shipped_bundle: Path, tmp_path: Path, output: str, taps: int
) -> None:
    """The engine gives ONNX Runtime one branch at a time; in the whole graph two readers keep one layer from it."""
    branch = tmp_path / "branch.onnx"
    onnx.utils.extract_model(str(shipped_bundle / "model.onnx"), str(branch), ["input_ids", "attention_mask"], [output])
    assert_fused(branch, tmp_path, layers=6, taps=taps)


def test_graph_uses_operators_of_onnx_only(shipped_bundle: Path) -> None:
    model = onnx.load(shipped_bundle / "model.onnx")
    assert [opset.domain for opset in model.opset_import] == [""]
    assert {node.domain for node in model.graph.node} == {""}


def assert_fused(model: Path, scratch: Path, *, layers: int, taps: int) -> None:
    operators = fused_operators(model, scratch)
    assert operators["Attention"] == layers
    assert operators["SkipLayerNormalization"] == 2 * layers + taps
    assert operators["BiasGelu"] == layers
    # What stays of its own: the norm of the embeddings, and no mask arithmetic, softmax or split of heads.
    assert operators["LayerNormalization"] == 1
    assert not operators.keys() & {"Softmax", "Erf", "ReduceMean", "Transpose", "Div", "Sub"}
