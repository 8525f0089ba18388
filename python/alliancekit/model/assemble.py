"""From the parts of a bundle to its files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import onnx

from alliancekit import _native
from alliancekit.inventory import FORMS
from alliancekit.model.bundle import record
from alliancekit.model.card import model_card
from alliancekit.model.manifest import (
    CARD_FILE,
    INVENTORY_FILE,
    MANIFEST_FILE,
    MODEL_FILE,
    TOKENIZER_FILE,
    InventoryRecord,
    ItemRecord,
    Manifest,
    Tensors,
)
from alliancekit.model.onnx_file import write_model
from alliancekit.model.pooling import EMBEDDING, STATES
from alliancekit.model.scoring import ITEMS, add_scoring, scores_name, with_output
from alliancekit.schema import TOTAL

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.model.parts import EncoderPart, ScoringPart

INPUTS: Final = ("input_ids", "attention_mask")


def write_draft(folder: Path, part: EncoderPart, vector: str = EMBEDDING) -> Path:
    """Write a bundle that embeds and does not score: what the inventory's sentences are embedded with.

    What it calls its embedding is the `EMBEDDING` or the `STATES`, so that the engine that will embed the turns, and no
    other, gives what a method is fitted to.
    """
    described = _describe_encoder(part)
    folder.mkdir()
    model, size = part.graph, part.embedding_size
    if vector == STATES:
        size = part.states_size
        model = with_output(part.graph, STATES, size)
    write_model(model, folder / MODEL_FILE)
    (folder / TOKENIZER_FILE).write_bytes(part.tokenizer)
    tensors = replace(described.tensors, embedding=vector)
    write_manifest(folder, replace(described, tensors=tensors, embedding_size=size))
    return folder


def write_bundle(folder: Path, name: str, part: EncoderPart, scoring: ScoringPart) -> None:
    """Write every file of a bundle into the empty `folder`."""
    manifest = _describe(name, part, scoring)
    write_model(add_scoring(part.graph, scoring.matrices(), scoring.gated), folder / MODEL_FILE)
    (folder / TOKENIZER_FILE).write_bytes(part.tokenizer)
    (folder / INVENTORY_FILE).write_bytes(scoring.source)
    (folder / CARD_FILE).write_text(model_card(manifest, scoring.source), encoding="utf-8")
    write_manifest(folder, manifest)


def _describe_encoder(part: EncoderPart) -> Manifest:
    return Manifest(
        name="draft",
        scales=(),
        forms=(),
        items=(),
        methods=(),
        default_method=None,
        encoder=part.encoder,
        tensors=Tensors(*INPUTS, EMBEDDING, None, {}, part.pooled),
        embedding_size=part.embedding_size,
        max_tokens=part.max_tokens,
        pooling=part.pooling,
        prefix=part.prefix,
        files={},
        weights=part.weights,
        inventory=InventoryRecord("", "", ""),
        fidelity=part.fidelity,
        builder={"alliancekit": _native.__version__, "onnx": onnx.__version__},
        tiers={},
    )


def _describe(name: str, part: EncoderPart, scoring: ScoringPart) -> Manifest:
    inventory = scoring.inventory
    methods = scoring.methods
    return replace(
        _describe_encoder(part),
        name=name,
        scales=(*inventory.scales, TOTAL),
        forms=FORMS,
        items=tuple(ItemRecord(item.id, item.scale, item.key) for item in inventory.items),
        methods=methods,
        default_method=methods[0],
        tensors=Tensors(*INPUTS, EMBEDDING, ITEMS, {method: scores_name(method) for method in methods}, part.pooled),
        inventory=InventoryRecord(inventory.name, inventory.version, inventory.license),
    )


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write `bundle.json` last: it holds the hashes of the other files. One that is there already is replaced."""
    files = {file.name: record(file) for file in sorted(folder.iterdir()) if file.name != MANIFEST_FILE}
    (folder / MANIFEST_FILE).write_text(replace(manifest, files=files).to_json(), encoding="utf-8")
