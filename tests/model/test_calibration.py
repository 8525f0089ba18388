"""Rounding to 8 bits against data, and what a bundle says each precision is worth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from alliancekit import read
from alliancekit.model.bundle import load_manifest
from alliancekit.model.calibration.observe import Observed
from alliancekit.model.calibration.rounding import SIDE_CHANNELS, Rounded, round_matrix
from alliancekit.model.calibration.texts import CHECK_FILE, NEUTRAL_FILE, calibration_texts

EXAMPLES = Path(__file__).parents[2] / "examples" / "sample-corpus"


def observed(seed: int, inputs: int = 64, outputs: int = 32, tokens: int = 400) -> tuple[Observed, np.ndarray]:
    """Make a matrix, and inputs that go together and of which a few are large."""
    random = np.random.default_rng(seed)
    mixing = random.normal(size=(inputs, inputs)) / np.sqrt(inputs)
    rows = (random.normal(size=(tokens, inputs)) @ mixing * np.where(np.arange(inputs) % 31 == 7, 30, 1)).astype("f4")
    weight = random.normal(size=(inputs, outputs)).astype("f4")
    return Observed(weight, np.abs(rows).max(axis=0), rows.T.astype("f8") @ rows, tokens), rows


def product(rounded: Rounded, weight: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Multiply as the kernels do, but for the rounding of the rows."""
    inner = rows / rounded.smoothing
    inner[:, rounded.side_channels] = 0
    whole = inner @ (rounded.weight.astype("f4") * rounded.scale)
    return np.asarray(whole + rows[:, rounded.side_channels] @ weight[rounded.side_channels])


@pytest.mark.parametrize("name", SIDE_CHANNELS)
@pytest.mark.parametrize("seed", range(3))
def test_rounding_against_data_loses_less_than_rounding_to_the_nearest(name: str, seed: int) -> None:
    given, rows = observed(seed)
    rounded = round_matrix(name, given)
    exact = rows @ given.weight
    smooth = given.weight * rounded.smoothing[:, None]
    nearest = np.rint(smooth / rounded.scale).clip(-127, 127).astype(np.int8)
    nearest[rounded.side_channels] = 0
    plain = Rounded(nearest, rounded.scale, rounded.smoothing, rounded.side_channels)
    found, other = (np.square(product(each, given.weight, rows) - exact).mean() for each in (rounded, plain))
    assert found < 0.8 * other
    assert found < 1e-4 * np.square(exact).mean()


def test_side_channels_are_the_largest_inputs_and_have_no_integers() -> None:
    given, _ = observed(5)
    rounded = round_matrix("narrow", given)
    assert list(rounded.side_channels) == sorted(np.argsort(-given.largest)[:4])
    assert not rounded.weight[rounded.side_channels].any()
    assert (rounded.smoothing == 1).all()


def test_an_input_that_never_occurs_is_rounded_all_the_same() -> None:
    given, _ = observed(1)
    products = given.products.copy()
    products[3] = products[:, 3] = 0
    silent = Observed(given.weight, np.where(np.arange(64) == 3, 0, given.largest).astype("f4"), products, given.tokens)
    rounded = round_matrix("widen", silent)
    assert np.isfinite(rounded.scale).all()
    assert np.isfinite(rounded.smoothing).all()


def test_the_turns_to_measure_on_are_those_of_the_examples_and_none_is_calibrated_with() -> None:
    turns = read(EXAMPLES).turns.select("session_id", "role", "text")
    assert pl.read_csv(CHECK_FILE).equals(turns.with_columns(pl.col("role").cast(pl.String)))
    neutral = NEUTRAL_FILE.read_text(encoding="utf-8").splitlines()
    assert not {text for text in neutral if len(text) > 12} & set(turns["text"])
    assert len(set(neutral)) == len(neutral) > 100


def test_calibration_sees_long_turns_too() -> None:
    texts = calibration_texts(["I feel heard.", "I don't."])
    assert max(len(text) for text in texts) > 300


def test_the_packaged_bundle_says_what_each_precision_is_worth(bundle_path: Path) -> None:
    manifest = load_manifest(bundle_path)
    assert set(manifest.tiers) == {"int8", "bfloat16", "int16"}
    assert "int8.safetensors" in manifest.files
    assert manifest.tiers["int16"].least() >= 0.9999
    assert manifest.tiers["bfloat16"].least() >= 0.999
    assert manifest.tiers["int8"].embedding_min_cosine >= 0.99
    card = (bundle_path / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert all(f"| {name} | 0.9" in card for name in manifest.tiers)
