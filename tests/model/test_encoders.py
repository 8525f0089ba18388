"""Each architecture gives what transformers gives; `tests/golden/make_encoders.py` made encoders and embeddings."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import polars as pl
import pytest
from onnx import helper

from alliancekit.errors import EncoderError, ParameterError
from alliancekit.model import read_manifest
from alliancekit.model.build import build_bundle
from alliancekit.runtime import open_engine

ENCODERS = Path(__file__).parents[1] / "golden" / "encoders"
LARGEST_DIFFERENCE = 1e-4


@pytest.mark.parametrize("name", ["bert-cls", "mpnet", "roberta", "xlm-roberta"])
def test_embeddings_are_those_of_transformers(name: str, tiny_inventory_file: Path, tmp_path: Path) -> None:
    bundle = build_bundle(encoder=ENCODERS / name, inventory=tiny_inventory_file, output=tmp_path / "bundle")
    texts = json.loads((ENCODERS / "texts.json").read_text(encoding="utf-8"))
    found = open_engine(bundle, threads=1).embed(pl.Series(texts))
    np.testing.assert_allclose(found, np.load(ENCODERS / name / "embeddings.npy"), rtol=0, atol=LARGEST_DIFFERENCE)
    assert read_manifest(bundle)["methods"][0] == "gated"


def own_encoder(bundle: Path, path: Path, *, opset: int = 12) -> Path:
    """Write the encoder of a bundle as a user would have it: ids, mask and segments in, hidden states out."""
    model = onnx.load(bundle / "model.onnx")
    (hidden,) = [node.input[1] for node in model.graph.node if node.name == "pooling/pooled/total"]
    ours = ("pooling/", "scoring/")
    kept = [node for node in model.graph.node if not node.name.startswith(ours)]
    reached = onnx.helper.make_graph(
        [node for node in kept if not set(node.output) & {output.name for output in model.graph.output}],
        "own",
        [*model.graph.input, helper.make_tensor_value_info("token_type_ids", onnx.TensorProto.INT64, ["batch", "s"])],
        [helper.make_tensor_value_info(hidden, onnx.TensorProto.FLOAT, ["batch", "s", 32])],
        [each for each in model.graph.initializer if not each.name.startswith(("pooling/", "scoring/"))],
        value_info=model.graph.value_info,
    )
    own = helper.make_model(reached, opset_imports=[helper.make_opsetid("", opset)], ir_version=7)
    path.write_bytes(own.SerializeToString())
    return path


def test_an_onnx_encoder_of_ones_own_scores_as_its_weights_do(
    tiny_bundle: Path, tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    own = own_encoder(tiny_bundle, tmp_path / "own.onnx")
    bundle = build_bundle(encoder=tiny_encoder, onnx=own, inventory=tiny_inventory_file, output=tmp_path / "bundle")
    manifest = read_manifest(bundle)
    assert manifest["encoder"] is None
    assert [each["tensor"] for each in manifest["tensors"]["pooled"]] == ["pooling/pooled"]
    texts = pl.Series(["we agree", "you never trust me"])
    found, expected = (open_engine(path, threads=1) for path in (bundle, tiny_bundle))
    np.testing.assert_allclose(found.embed(texts), expected.embed(texts), rtol=0, atol=1e-6)
    scores = [pl.DataFrame(engine.score(texts, method="contrast")) for engine in (found, expected)]
    bond, same = (frame["bond_patient_form"].to_numpy() for frame in scores)
    np.testing.assert_allclose(bond, same, rtol=0, atol=1e-6)


def test_what_an_onnx_encoder_has_to_be_is_said(
    tiny_bundle: Path, tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    def build(path: Path) -> None:
        build_bundle(encoder=tiny_encoder, onnx=path, inventory=tiny_inventory_file, output=tmp_path / "b")

    with pytest.raises(EncoderError, match=r"'embedding' is one that alliancekit gives|'pooling"):
        build(tiny_bundle / "model.onnx")
    with pytest.raises(EncoderError, match="opset 99 is not supported"):
        build(own_encoder(tiny_bundle, tmp_path / "new.onnx", opset=99))
    with pytest.raises(ParameterError, match="stored as it is"):
        build_bundle(
            encoder=tiny_encoder,
            onnx=tmp_path / "new.onnx",
            inventory=tiny_inventory_file,
            output=tmp_path / "b",
            storage="float16",
        )
