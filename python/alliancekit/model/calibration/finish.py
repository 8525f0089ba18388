"""The last step of building a bundle: the encoder in 8 bits, and what each precision was measured to be worth."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from safetensors.numpy import save

from alliancekit import _native
from alliancekit.model.adaptation import PREFIX
from alliancekit.model.assemble import write_manifest
from alliancekit.model.bundle import load_manifest
from alliancekit.model.calibration.measure import measure, open_engine, results
from alliancekit.model.calibration.observe import observe
from alliancekit.model.calibration.rounding import round_matrix
from alliancekit.model.calibration.texts import calibration_texts, check_turns
from alliancekit.model.card import model_card
from alliancekit.model.manifest import CARD_FILE, INT8_FILE, INVENTORY_FILE, MODEL_FILE, EncoderRecord, Manifest, Tier
from alliancekit.model.onnx_file import read_model

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from alliancekit.precision import Precision

FASTER: Final[tuple[Precision, ...]] = ("int8", "bfloat16", "int16")
"""Precisions that our kernels run; float32 is what they are measured against."""


def add_precisions(bundle: Path, sentences: Sequence[str], say: Callable[[str], object]) -> None:
    """Write `int8.safetensors` into a new bundle and what each precision is worth into its manifest and card.

    Nothing is added where the kernels do not know the encoder: ONNX Runtime runs it.
    """
    manifest = load_manifest(bundle)
    if not _kernels_know(bundle, manifest):
        return
    say("rounding the encoder to 8 bits")
    _write_int8(bundle, manifest, sentences)
    write_manifest(bundle, manifest)
    _measure(bundle, manifest, say)


def measure_precisions(bundle: Path, say: Callable[[str], object]) -> None:
    """Write what each precision is worth into manifest and card, where the kernels know the encoder."""
    manifest = load_manifest(bundle)
    if _kernels_know(bundle, manifest):
        _measure(bundle, manifest, say)


def _measure(bundle: Path, manifest: Manifest, say: Callable[[str], object]) -> None:
    say("measuring each precision")
    measured = replace(manifest, tiers=_tiers(bundle, manifest))
    card = model_card(measured, (bundle / INVENTORY_FILE).read_bytes())
    (bundle / CARD_FILE).write_text(card, encoding="utf-8")
    write_manifest(bundle, measured)


def take_over_int8(source: Path, bundle: Path) -> None:
    """Copy the encoder in 8 bits from a bundle of the same encoder, if it has one."""
    if (source / INT8_FILE).is_file():
        shutil.copyfile(source / INT8_FILE, bundle / INT8_FILE)
        write_manifest(bundle, load_manifest(bundle))


def _kernels_know(bundle: Path, manifest: Manifest) -> bool:
    return bool(manifest.encoder and manifest.methods and open_engine(bundle, "int16") is not None)


def _tiers(bundle: Path, manifest: Manifest) -> dict[str, Tier]:
    turns = check_turns()
    engines = {name: open_engine(bundle, name) for name in ("float32", *FASTER)}
    found = {name: results(engine, turns) for name, engine in engines.items() if engine is not None}
    expected = found.pop("float32")
    return {name: measure(each, expected, turns, manifest.scales) for name, each in found.items()}


def _write_int8(bundle: Path, manifest: Manifest, sentences: Sequence[str]) -> None:
    assert manifest.encoder is not None  # noqa: S101  # the caller has looked
    counter = _native.TokenCounter(str(bundle), 1)
    ids = counter.ids(pl.Series(calibration_texts(sentences), dtype=pl.String))
    observed = observe(read_model(bundle / MODEL_FILE), _layers(manifest.encoder), [each.tolist() for each in ids])
    tensors: dict[str, NDArray[np.generic]] = {}
    for (layer, name), found in observed.items():
        rounded = round_matrix(name, found)
        short = layer.replace("encoder.", "")
        tensors |= {f"{short}.{name}.{part}": getattr(rounded, part) for part in type(rounded).__slots__}
    whole = {name: np.ascontiguousarray(tensor) for name, tensor in sorted(tensors.items())}
    (bundle / INT8_FILE).write_bytes(save(whole))


def _layers(encoder: EncoderRecord) -> list[str]:
    """Name every layer whose matrices are rounded: the encoder's own, and those adapted."""
    own = [f"encoder.layer.{number}" for number in range(encoder.layers)]
    return (
        own if encoder.shared_layers is None else [*own, *(f"{PREFIX}{name}" for name in own[encoder.shared_layers :])]
    )
