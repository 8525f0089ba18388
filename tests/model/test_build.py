"""Building bundles: whole or not at all, the same bytes each time, and clear about what is not supported."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
import polars as pl
import pytest
from safetensors.numpy import load_file, save_file
from tests.support.tiny_encoder import HIDDEN, MAX_TOKENS, POSITIONS
from tests.support.tiny_inventory import tiny_inventory

from alliancekit.errors import BundleError, EncoderError, InventoryError, ParameterError
from alliancekit.model import read_manifest, verify
from alliancekit.model.build import build_bundle, rebuild_inventory
from alliancekit.runtime import open_engine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def edit(path: Path, **changes: object) -> None:
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps(values | changes), encoding="utf-8")


@pytest.fixture
def encoder(tiny_encoder: Path, tmp_path: Path) -> Path:
    """Return a copy of the encoder that a test may spoil."""
    return shutil.copytree(tiny_encoder, tmp_path / "encoder")


def test_manifest_says_what_the_bundle_is(tiny_bundle: Path) -> None:
    manifest = verify(tiny_bundle)
    assert manifest["format_version"] == 1
    assert manifest["scales"] == ["task", "bond", "goal", "total"]
    assert manifest["forms"] == ["patient", "therapist"]
    assert manifest["items"][1] == {"id": "task-2", "scale": "task", "key": -1}
    assert manifest["methods"] == ["gated", "contrast", "signed-sum", "keyed-mean"]
    assert manifest["default_method"] == "gated"
    assert manifest["tensors"]["scores"]["signed-sum"] == "scores_signed_sum"
    assert (manifest["embedding_size"], manifest["max_tokens"], manifest["pooling"]) == (HIDDEN, MAX_TOKENS, "mean")
    assert set(manifest["files"]) == {"model.onnx", "tokenizer.json", "inventory.toml", "MODEL_CARD.md"}
    assert manifest["weights"]["source"] == "tiny-random-bert"
    assert manifest["inventory"] == {"name": "tiny", "version": "1", "license": "CC0-1.0"}


def test_manifest_says_where_another_way_of_running_the_encoder_stops(tiny_bundle: Path) -> None:
    manifest = verify(tiny_bundle)
    config = {"architecture": "bert", "layers": 2, "hidden": HIDDEN, "activation": "gelu"}
    assert config.items() <= manifest["encoder"].items()
    pooled = manifest["tensors"]["pooled"]
    assert [each["layer"] for each in pooled] == [1, 2]
    graph = onnx.load(tiny_bundle / "model.onnx").graph
    inputs_by_output = {output: node.input for node in graph.node for output in node.output}
    before = {each["tensor"] for each in pooled}
    needed = [output.name for output in graph.output]
    while needed:
        name = needed.pop()
        if name not in before:
            before.add(name)
            needed.extend(inputs_by_output.get(name, ()))
    assert not before & {"input_ids", "attention_mask"}


def test_card_says_what_a_bundle_is_not(tiny_bundle: Path) -> None:
    card = (tiny_bundle / "MODEL_CARD.md").read_text(encoding="utf-8")
    for phrase in ("Not validated", "Not a diagnosis", "Not a suicide-risk assessment", "not crisis detection"):
        assert phrase in card
    assert "$" not in card


def test_same_inputs_give_the_same_bytes(
    tiny_bundle: Path, tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    again = build_bundle(encoder=tiny_encoder, inventory=tiny_inventory_file, output=tmp_path / "again")
    assert contents(again) == contents(tiny_bundle)


def test_other_inventory_without_the_encoders_weights(
    tiny_bundle: Path, tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other.toml"
    other.write_text(tiny_inventory(disagree=False, keys=(1, -1)), encoding="utf-8")
    rebuilt = rebuild_inventory(tiny_bundle, other, tmp_path / "rebuilt")
    built = build_bundle(encoder=tiny_encoder, inventory=other, output=tmp_path / "built")
    assert contents(rebuilt) == contents(built)
    assert read_manifest(rebuilt)["methods"] == ["signed-sum", "keyed-mean"]
    back = rebuild_inventory(rebuilt, tiny_inventory_file, tmp_path / "back")
    assert contents(back) == contents(tiny_bundle)


def test_method_that_the_inventory_does_not_allow_is_left_out(tiny_encoder: Path, tmp_path: Path) -> None:
    inventory = tmp_path / "plain.toml"
    inventory.write_text(tiny_inventory(disagree=False, keys=(1, 1)), encoding="utf-8")
    manifest = read_manifest(build_bundle(encoder=tiny_encoder, inventory=inventory, output=tmp_path / "bundle"))
    assert manifest["methods"] == ["signed-sum"]
    assert manifest["default_method"] == "signed-sum"


def test_half_the_size_with_float16(
    tiny_bundle: Path, tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    half = build_bundle(
        encoder=tiny_encoder, inventory=tiny_inventory_file, output=tmp_path / "half", storage="float16"
    )
    texts = pl.Series(["we agree", "you never trust me"])
    exact = open_engine(tiny_bundle, threads=1).embed(texts)
    np.testing.assert_allclose(open_engine(half, threads=1).embed(texts), exact, rtol=0, atol=3e-3)
    figures = read_manifest(half)["fidelity"]["float16"]
    assert 0 < figures["embedding_max_abs_difference"] < 3e-3
    assert figures["n_texts"] == 111
    assert (half / "model.onnx").stat().st_size < (tiny_bundle / "model.onnx").stat().st_size


def test_cls_pooling_takes_the_first_token(encoder: Path, tiny_inventory_file: Path, tmp_path: Path) -> None:
    edit(encoder / "1_Pooling" / "config.json", pooling_mode_mean_tokens=False, pooling_mode_cls_token=True)
    bundle = build_bundle(encoder=encoder, inventory=tiny_inventory_file, output=tmp_path / "cls")
    assert read_manifest(bundle)["pooling"] == "cls"
    vectors = open_engine(bundle, threads=1).embed(pl.Series(["we agree", "never"]))
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=0, atol=1e-6)


def test_names_of_weights_saved_with_a_head_or_from_tensorflow(
    encoder: Path, tiny_bundle: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    weights = load_file(encoder / "model.safetensors")
    renamed = {
        f"bert.{name}".replace("Norm.weight", "Norm.gamma").replace("Norm.bias", "Norm.beta"): value
        for name, value in weights.items()
    }
    save_file(renamed, encoder / "model.safetensors")
    bundle = build_bundle(encoder=encoder, inventory=tiny_inventory_file, output=tmp_path / "renamed")
    assert (bundle / "model.onnx").read_bytes() == (tiny_bundle / "model.onnx").read_bytes()


def test_token_limit(tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path) -> None:
    bundle = build_bundle(encoder=tiny_encoder, inventory=tiny_inventory_file, output=tmp_path / "b", max_tokens=48)
    scored = pl.DataFrame(open_engine(bundle, threads=1).score(pl.Series(["a " * 46, "a " * 47])))
    assert scored["n_tokens"].to_list() == [48, 49]
    assert scored["truncated"].to_list() == [False, True]
    for wrong in (2, POSITIONS + 1):
        with pytest.raises(ParameterError, match=f"max_tokens is {wrong}, and has to be between 3 and .* {POSITIONS}"):
            build_bundle(encoder=tiny_encoder, inventory=tiny_inventory_file, output=tmp_path / "no", max_tokens=wrong)


SPOILED: dict[str, tuple[Callable[[Path], object], str]] = {
    "no config": (lambda e: (e / "config.json").unlink(), r"config\.json is missing"),
    "config is no JSON": (lambda e: (e / "config.json").write_text("{"), r"config\.json is not readable JSON"),
    "architecture": (
        lambda e: edit(e / "config.json", model_type="deberta"),
        "'deberta' are not supported; supported: bert",
    ),
    "activation": (lambda e: edit(e / "config.json", hidden_act="relu"), "hidden_act = 'relu' is not supported"),
    "positions": (
        lambda e: edit(e / "config.json", position_embedding_type="relative_key"),
        "'relative_key' is not supported",
    ),
    "heads": (lambda e: edit(e / "config.json", num_attention_heads=5), "no multiple of num_attention_heads 5"),
    "layers": (lambda e: edit(e / "config.json", num_hidden_layers=3), r"'encoder\.layer\.2\.\S+' is missing"),
    "sizes": (lambda e: edit(e / "config.json", intermediate_size=32), "has the shape .* asks for"),
    "no weights": (lambda e: (e / "model.safetensors").unlink(), r"model\.safetensors is missing"),
    "truncated weights": (
        lambda e: (e / "model.safetensors").write_bytes((e / "model.safetensors").read_bytes()[:999]),
        "not a readable safetensors file",
    ),
    "no tokenizer": (lambda e: (e / "tokenizer.json").unlink(), r"tokenizer\.json is missing"),
    "no modules": (lambda e: (e / "modules.json").unlink(), "nothing says how token vectors are pooled"),
    "dense module": (
        lambda e: (e / "modules.json").write_text('[{"type": "x.Dense", "path": "2_Dense"}]'),
        r"modules \['Dense'\] are not supported",
    ),
    "lower case": (
        lambda e: edit(e / "sentence_bert_config.json", do_lower_case=True),
        "do_lower_case = true is not supported",
    ),
    "max pooling": (
        lambda e: edit(e / "1_Pooling" / "config.json", pooling_mode_mean_tokens=False, pooling_mode_max_tokens=True),
        r"pooling \['pooling_mode_max_tokens'\] is not supported",
    ),
}


@pytest.mark.parametrize(("spoil", "expected"), SPOILED.values(), ids=SPOILED.keys())
def test_encoder_that_is_not_supported_says_so(
    spoil: Callable[[Path], object], expected: str, encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    spoil(encoder)
    with pytest.raises(EncoderError, match=expected):
        build_bundle(encoder=encoder, inventory=tiny_inventory_file, output=tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["encoder"]


def test_weights_that_are_not_numbers(encoder: Path, tiny_inventory_file: Path, tmp_path: Path) -> None:
    weights = load_file(encoder / "model.safetensors")
    weights["embeddings.LayerNorm.bias"] = np.full(HIDDEN, np.nan, dtype=np.float32)
    save_file(weights, encoder / "model.safetensors")
    with pytest.raises(EncoderError, match="are the weights whole"):
        build_bundle(encoder=encoder, inventory=tiny_inventory_file, output=tmp_path / "bundle")


def test_earlier_bundle_is_replaced_and_survives_a_failure(
    tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    output = tmp_path / "bundle"
    build_bundle(encoder=tiny_encoder, inventory=tiny_inventory_file, output=output, name="first")
    with pytest.raises(RuntimeError, match="stopped"):
        build_bundle(encoder=tiny_encoder, inventory=tiny_inventory_file, output=output, embedder=stopped)
    assert verify(output)["name"] == "first"
    build_bundle(encoder=tiny_encoder, inventory=tiny_inventory_file, output=output, name="second")
    assert verify(output)["name"] == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["bundle"]


def stopped(_: Path) -> Callable[..., Any]:
    raise RuntimeError("stopped")


def test_folder_that_is_no_bundle_is_left_alone(tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(BundleError, match="is not a model bundle; it is left alone"):
        build_bundle(encoder=tiny_encoder, inventory=tiny_inventory_file, output=tmp_path)
    assert contents(tmp_path) == {"notes.txt": b"mine"}


def test_inventory_is_read_before_anything_is_written(tiny_encoder: Path, tmp_path: Path) -> None:
    with pytest.raises(InventoryError):
        build_bundle(encoder=tiny_encoder, inventory=tmp_path / "none.toml", output=tmp_path / "bundle")
    assert not any(tmp_path.iterdir())


def test_card_has_no_figures_of_another_inventory(tiny_bundle: Path) -> None:
    card = (tiny_bundle / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert card.count("Not measured for this bundle") == 2
