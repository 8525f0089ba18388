"""Embeddings are those of sentence-transformers; `tests/golden/make_embeddings.py` made the golden file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import alliancekit as ak
from alliancekit.model import read_manifest
from alliancekit.model.build import build_bundle
from alliancekit.runtime import open_engine

if TYPE_CHECKING:
    from numpy.typing import NDArray

GOLDEN = Path(__file__).parents[1] / "golden"
LARGEST_DIFFERENCE = {"float32": 1e-5, "float16": 3e-4}
SMALLEST_COSINE = 0.99999


@pytest.fixture(scope="module")
def texts() -> list[str]:
    rows = json.loads((GOLDEN / "texts.json").read_text(encoding="utf-8"))
    return [row["text"] for row in rows]


@pytest.fixture(scope="module")
def golden() -> NDArray[np.float32]:
    embeddings: NDArray[np.float32] = np.load(GOLDEN / "embeddings.npy")
    return embeddings


def test_golden_file_has_every_length() -> None:
    rows = json.loads((GOLDEN / "texts.json").read_text(encoding="utf-8"))
    assert {row["pieces"] for row in rows} > set(range(1, 257))


def test_shipped_bundle(shipped_bundle: Path, texts: list[str], golden: NDArray[np.float32]) -> None:
    storage = read_manifest(shipped_bundle)["weights"]["storage"]
    assert_same_embeddings(ak.Scorer(shipped_bundle, precision="float32").embed(texts), golden, storage)


def test_weights_stored_in_half_the_size(
    encoder_folder: Path, tiny_inventory_file: Path, tmp_path: Path, texts: list[str], golden: NDArray[np.float32]
) -> None:
    bundle = build_bundle(
        encoder=encoder_folder,
        inventory=tiny_inventory_file,
        output=tmp_path / "half",
        storage="float16",
        precisions=False,
    )
    assert_same_embeddings(ak.Scorer(bundle, precision="float32").embed(texts), golden, "float16")
    figures = read_manifest(bundle)["fidelity"]["float16"]
    assert 0 < figures["embedding_max_abs_difference"] <= LARGEST_DIFFERENCE["float16"]
    assert SMALLEST_COSINE <= figures["embedding_min_cosine"] <= 1


def test_limit_is_the_models_and_not_the_tokenizer_files(shipped_bundle: Path) -> None:
    rows = json.loads((GOLDEN / "texts.json").read_text(encoding="utf-8"))
    rows = [row for row in rows if row["pieces"] in {1, 126, 127, 253, 254, 255, 256, 257, 700}]
    texts = pl.Series([row["text"] for row in rows])
    scored = pl.DataFrame(open_engine(shipped_bundle, threads=1).score(texts))
    assert scored["n_tokens"].to_list() == [row["pieces"] + 2 for row in rows]
    assert scored["truncated"].to_list() == [row["pieces"] + 2 > 256 for row in rows]


def assert_same_embeddings(found: NDArray[np.float32], golden: NDArray[np.float32], storage: str) -> None:
    assert found.dtype == np.float32
    assert np.abs(found - golden).max() <= LARGEST_DIFFERENCE[storage]
    a, b = found.astype(np.float64), golden.astype(np.float64)
    cosine = (a * b).sum(axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    assert cosine.min() >= SMALLEST_COSINE
