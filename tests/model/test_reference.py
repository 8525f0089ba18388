"""The graph's scores are those of the readable reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from tests.support.onnx_session import open_session, run

from alliancekit import reference
from alliancekit.inventory import FORMS, read_inventory
from alliancekit.model import read_manifest
from alliancekit.model.embed import native_embedder
from alliancekit.runtime import open_engine

if TYPE_CHECKING:
    from pathlib import Path

TEXTS = [f"you and i {word} together {number}" for number in range(6) for word in ("work", "trust", "never agree")]


@pytest.fixture(scope="module", params=["tiny_bundle", "shipped_bundle"])
def bundle(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


def test_every_method_form_and_scale(bundle: Path) -> None:
    inventory = read_inventory(bundle / "inventory.toml")
    embed = native_embedder(bundle)
    sentences = dict(zip(inventory.sentences(), embed(inventory.sentences()), strict=True))
    turns = embed(TEXTS)
    manifest = read_manifest(bundle)
    assert set(manifest["methods"]) == set(reference.METHODS)
    for method in manifest["methods"]:
        found = pl.DataFrame(open_engine(bundle, threads=1).score(pl.Series(TEXTS), method=method))
        for form in FORMS:
            expected = [reference.score(turn, inventory, sentences, method=method, form=form) for turn in turns]
            for scale in manifest["scales"]:
                scores = found[f"{scale}_{form}_form"].to_numpy()
                np.testing.assert_allclose(scores, [row[scale] for row in expected], rtol=0, atol=1e-5)


def test_items(bundle: Path) -> None:
    inventory = read_inventory(bundle / "inventory.toml")
    embed = native_embedder(bundle)
    sentences = dict(zip(inventory.sentences(), embed(inventory.sentences()), strict=True))
    turns = embed(TEXTS)
    for form in FORMS:
        found = open_engine(bundle, threads=1).items(pl.Series(TEXTS), form)
        expected = [[reference.similarity(t, item, sentences, form) for item in inventory.items] for t in turns]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_graph_run_apart_from_the_engine(bundle: Path) -> None:
    """Scores follow from the embedding that the same run gives: the two come out of one graph."""
    inventory = read_inventory(bundle / "inventory.toml")
    embed = native_embedder(bundle)
    sentences = dict(zip(inventory.sentences(), embed(inventory.sentences()), strict=True))
    outputs = run(open_session(bundle / "model.onnx"), np.arange(4, 40).reshape(4, 9))
    manifest = read_manifest(bundle)
    for method, tensor in manifest["tensors"]["scores"].items():
        for place, form in enumerate(FORMS):
            for turn, scores in zip(outputs["embedding"], outputs[tensor][:, place], strict=True):
                expected = reference.score(turn, inventory, sentences, method=method, form=form)
                np.testing.assert_allclose(scores, [*expected.values()], rtol=0, atol=1e-5)
