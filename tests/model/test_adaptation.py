"""Adapted layers stand beside the encoder's own and change nothing of what those give."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from safetensors.numpy import load_file, save_file
from tests.support.tiny_adaptation import CHANGED, write_tiny_adaptation
from tests.support.tiny_encoder import LAYERS

from alliancekit.errors import EncoderError, ParameterError
from alliancekit.model.adaptation import read_adaptation
from alliancekit.model.assemble import write_draft
from alliancekit.model.build import build_bundle, rebuild_inventory
from alliancekit.model.bundle import load_manifest
from alliancekit.model.embed import native_embedder
from alliancekit.model.parts import part_of_bundle
from alliancekit.model.pooling import STATES
from alliancekit.precision import PRECISIONS, Precision
from alliancekit.runtime import open_engine

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from alliancekit import _native

TEXTS = ["I trust you.", "You never agree with the goal!", "we do the work together, do we not?"]
METHODS = ("contrast", "signed-sum", "keyed-mean")


@pytest.fixture(scope="module")
def adaptation(tiny_encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_adaptation(tmp_path_factory.mktemp("adaptation") / "adapted.safetensors", tiny_encoder)


@pytest.fixture(scope="module")
def adapted_bundle(
    tiny_encoder: Path, tiny_inventory_file: Path, adaptation: Path, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    output = tmp_path_factory.mktemp("adapted") / "bundle"
    return build_bundle(encoder=tiny_encoder, inventory=tiny_inventory_file, adaptation=adaptation, output=output)


@pytest.mark.parametrize("precision", PRECISIONS[1:])
def test_what_the_encoders_own_layers_give_stays_the_same(
    adapted_bundle: Path, tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path, precision: Precision
) -> None:
    plain = build_bundle(encoder=tiny_encoder, inventory=tiny_inventory_file, output=tmp_path / "plain")
    one, other = (open_engine(each, threads=1, precision=precision, emulate=True) for each in (plain, adapted_bundle))
    assert one.tier[0] == other.tier[0]
    # ONNX Runtime fuses a graph that is cut to one branch a little differently.
    for expected, found in zip(everything_published(one), everything_published(other), strict=True):
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def everything_published(engine: _native.Engine) -> list[NDArray[np.floating]]:
    texts = pl.Series(TEXTS)
    scores = [pl.DataFrame(engine.score(texts, method=method)).to_numpy() for method in METHODS]
    return [engine.embed(texts), engine.items(texts, "patient"), *scores]


def test_adapted_states_are_those_of_an_encoder_with_the_changed_weights(
    adapted_bundle: Path, adaptation: Path, tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    changed = shutil.copytree(tiny_encoder, tmp_path / "changed")
    weights, change = load_file(tiny_encoder / "model.safetensors"), load_file(adaptation)
    for name in CHANGED:
        up, down = (change[f"{name}.{part}"].astype(np.float32) for part in ("up", "down"))
        weights[name] = weights[name] + up @ down
    save_file(weights, changed / "model.safetensors")
    whole = build_bundle(encoder=changed, inventory=tiny_inventory_file, output=tmp_path / "whole")
    states = native_embedder(write_draft(tmp_path / "draft", part_of_bundle(adapted_bundle), STATES))(TEXTS)
    width = load_manifest(whole).embedding_size
    assert states.shape == (len(TEXTS), LAYERS * width)
    np.testing.assert_allclose(states[:, -width:], native_embedder(whole)(TEXTS), rtol=0, atol=1e-5)
    assert np.abs(states[:, -width:] - native_embedder(adapted_bundle)(TEXTS)).max() > 1e-2


def test_scores_and_embeddings_from_both_branches_come_in_one_table(adapted_bundle: Path) -> None:
    engine = open_engine(adapted_bundle, threads=1)
    table, vectors = engine.score_and_embed(pl.Series(TEXTS))
    np.testing.assert_array_equal(vectors, engine.embed(pl.Series(TEXTS)))
    assert pl.DataFrame(table).equals(pl.DataFrame(engine.score(pl.Series(TEXTS))))


def test_another_inventory_keeps_the_adapted_layers(
    adapted_bundle: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    again = rebuild_inventory(adapted_bundle, tiny_inventory_file, tmp_path / "again")
    assert (again / "model.onnx").read_bytes() == (adapted_bundle / "model.onnx").read_bytes()
    assert load_manifest(again).encoder == load_manifest(adapted_bundle).encoder
    assert load_manifest(again).tensors.pooled == load_manifest(adapted_bundle).tensors.pooled


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ({"weights_sha256": "0" * 64}, "belongs to weights with the SHA-256 000"),
        ({"shared_layers": str(LAYERS)}, "the encoder has 2 layers"),
        ({"shared_layers": "0"}, "the encoder has 2 layers"),
        ({"shared_layers": "one"}, "no readable file of adapted layers"),
    ],
)
def test_a_file_that_belongs_to_another_encoder_is_refused(
    damage: dict[str, str], said: str, tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    file = write_tiny_adaptation(tmp_path / "other.safetensors", tiny_encoder, **damage)
    with pytest.raises(EncoderError, match=said):
        build_bundle(encoder=tiny_encoder, inventory=tiny_inventory_file, adaptation=file, output=tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_a_change_of_what_is_not_there_is_refused_by_name(
    adaptation: Path, tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    facts = {"shared_layers": "1", "inventory_sha256": "", "weights_sha256": read_adaptation(adaptation).weights_sha256}
    change = load_file(adaptation)
    thin = {"encoder.layer.9.output.dense.weight": (2, 2), CHANGED[0]: (3, 5)}
    for name, (inputs, outputs) in thin.items():
        parts = {"down": np.ones((1, inputs), np.float16), "up": np.ones((outputs, 1), np.float16)}
        save_file(
            change | {f"{name}.{part}": array for part, array in parts.items()}, tmp_path / "a.safetensors", facts
        )
        with pytest.raises(EncoderError, match=name):
            build_bundle(
                encoder=tiny_encoder,
                inventory=tiny_inventory_file,
                adaptation=tmp_path / "a.safetensors",
                output=tmp_path / "bundle",
            )


def test_what_is_no_such_file_is_refused(tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path) -> None:
    (tmp_path / "none.safetensors").write_bytes(b"not one")
    for file in (tmp_path / "none.safetensors", tmp_path / "missing", tiny_encoder / "model.safetensors"):
        with pytest.raises(EncoderError, match="no readable file of adapted layers"):
            read_adaptation(file)
    with pytest.raises(ParameterError, match="ONNX encoder of your own"):
        build_bundle(
            encoder=tiny_encoder,
            inventory=tiny_inventory_file,
            onnx=tiny_encoder / "model.safetensors",
            adaptation=write_tiny_adaptation(tmp_path / "a.safetensors", tiny_encoder),
            output=tmp_path / "bundle",
        )
