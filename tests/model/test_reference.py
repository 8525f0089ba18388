"""The graph's scores are those of the readable reference."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from tests.support.onnx_session import open_session, run

from alliancekit import reference, reference_gated
from alliancekit.inventory import FORMS, read_inventory
from alliancekit.model import read_manifest
from alliancekit.model.assemble import write_draft
from alliancekit.model.build import rebuild_inventory
from alliancekit.model.embed import native_embedder
from alliancekit.model.parts import part_of_bundle
from alliancekit.model.pooling import STATES
from alliancekit.runtime import open_engine

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

TEXTS = [f"you and i {word} together {number}" for number in range(6) for word in ("work", "trust", "never agree")]


@pytest.fixture(scope="module", params=["tiny_bundle", "shipped_bundle"])
def bundle(request: pytest.FixtureRequest) -> Path:
    path: Path = request.getfixturevalue(request.param)
    return path


@cache
def item_vectors(bundle: Path) -> dict[str, NDArray[np.float32]]:
    """Return the embedding of each sentence of an item: the published methods look at no others."""
    inventory = replace(read_inventory(bundle / "inventory.toml"), examples=(), beside=())
    return dict(zip(inventory.sentences(), native_embedder(bundle)(inventory.sentences()), strict=True))


def test_every_method_form_and_scale(bundle: Path) -> None:
    inventory = read_inventory(bundle / "inventory.toml")
    embed = native_embedder(bundle)
    sentences = item_vectors(bundle)
    turns = embed(TEXTS)
    manifest = read_manifest(bundle)
    assert set(manifest["methods"]) == {"gated", *reference.METHODS}
    for method in reference.METHODS:
        found = pl.DataFrame(open_engine(bundle, threads=1).score(pl.Series(TEXTS), method=method))
        for form in FORMS:
            expected = [reference.score(turn, inventory, sentences, method=method, form=form) for turn in turns]
            for scale in manifest["scales"]:
                scores = found[f"{scale}_{form}_form"].to_numpy()
                np.testing.assert_allclose(scores, [row[scale] for row in expected], rtol=0, atol=1e-5)


@pytest.fixture(scope="module")
def part_of_the_inventory(shipped_bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged encoder with a part of its inventory: the reference takes minutes for all of it."""
    folder = tmp_path_factory.mktemp("part")
    head, *tables = (shipped_bundle / "inventory.toml").read_text(encoding="utf-8").split("\n[[")
    items = [table for table in tables if table.startswith("items")]
    examples, beside = ([t for t in tables if t.startswith(kind)][::20] for kind in ("examples", "beside"))
    (folder / "part.toml").write_text("\n[[".join([head, *items, *examples, *beside]), encoding="utf-8")
    return rebuild_inventory(shipped_bundle, folder / "part.toml", folder / "bundle")


@pytest.mark.parametrize("name", ["tiny_bundle", "part_of_the_inventory"])
def test_gated_in_each_form_and_scale(name: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    bundle: Path = request.getfixturevalue(name)
    inventory = read_inventory(bundle / "inventory.toml")
    manifest = read_manifest(bundle)
    draft = native_embedder(write_draft(tmp_path / "draft", part_of_bundle(bundle), STATES))
    texts = [*inventory.sentences(), *TEXTS]
    states = dict(zip(texts, draft(texts), strict=True))
    expected = reference_gated.score([states[text] for text in TEXTS], inventory, states)
    found = pl.DataFrame(open_engine(bundle, threads=1).score(pl.Series(TEXTS), method="gated"))
    for form in FORMS:
        for scale in manifest["scales"]:
            scores = found[f"{scale}_{form}_form"].to_numpy()
            np.testing.assert_allclose(scores, expected[form][scale], rtol=0, atol=1e-5)


def test_items(bundle: Path) -> None:
    inventory = read_inventory(bundle / "inventory.toml")
    embed = native_embedder(bundle)
    sentences = item_vectors(bundle)
    turns = embed(TEXTS)
    for form in FORMS:
        found = open_engine(bundle, threads=1).items(pl.Series(TEXTS), form)
        expected = [[reference.similarity(t, item, sentences, form) for item in inventory.items] for t in turns]
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-5)


def test_graph_run_apart_from_the_engine(bundle: Path) -> None:
    """Scores follow from the embedding that the same run gives: the two come out of one graph."""
    inventory = read_inventory(bundle / "inventory.toml")
    sentences = item_vectors(bundle)
    outputs = run(open_session(bundle / "model.onnx"), np.arange(4, 40).reshape(4, 9))
    manifest = read_manifest(bundle)
    for method, tensor in manifest["tensors"]["scores"].items():
        if method == "gated":
            continue  # made of inner layers, not of the embedding
        for place, form in enumerate(FORMS):
            for turn, scores in zip(outputs["embedding"], outputs[tensor][:, place], strict=True):
                expected = reference.score(turn, inventory, sentences, method=method, form=form)
                np.testing.assert_allclose(scores, [*expected.values()], rtol=0, atol=1e-5)
