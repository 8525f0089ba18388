"""A turn has the same bits alone and in any batch of turns of its length: what the engine's batches rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.support.onnx_session import TokenIds, open_session, run

if TYPE_CHECKING:
    from pathlib import Path

LENGTHS = (3, 4, 5, 8, 16, 17, 33)
TURNS = 9


@pytest.mark.parametrize("length", LENGTHS)
def test_tiny_bundle(tiny_bundle: Path, length: int) -> None:
    assert_same_bits(tiny_bundle, token_ids(length, vocabulary=60))


def test_shipped_bundle(shipped_bundle: Path) -> None:
    for length in (*LENGTHS, 64, 129):
        assert_same_bits(shipped_bundle, token_ids(length, vocabulary=30_000))


def test_padding_changes_scores_by_rounding_at_most(tiny_bundle: Path) -> None:
    session = open_session(tiny_bundle / "model.onnx")
    ids = token_ids(12, vocabulary=60)
    padded = np.pad(ids, ((0, 0), (0, 9)))
    mask = (np.arange(21) < 12).astype(np.int64) * np.ones_like(padded)
    alone, beside = run(session, ids), run(session, padded, mask)
    for name, values in alone.items():
        np.testing.assert_allclose(beside[name], values, rtol=0, atol=2e-6)


def token_ids(length: int, *, vocabulary: int) -> TokenIds:
    return np.random.default_rng(length).integers(4, vocabulary, size=(TURNS, length))


def assert_same_bits(bundle: Path, ids: TokenIds) -> None:
    session = open_session(bundle / "model.onnx")
    alone = [run(session, ids[row : row + 1]) for row in range(TURNS)]
    for size in (2, 3, TURNS):
        together = run(session, ids[:size])
        for name, values in together.items():
            expected = np.concatenate([outputs[name] for outputs in alone[:size]])
            np.testing.assert_array_equal(values, expected, err_msg=f"{name}, batch of {size}")
