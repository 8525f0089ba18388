"""What is known of the model that made the scores."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alliancekit.errors import AllianceError
from alliancekit.model.bundle import load_manifest
from alliancekit.model.manifest import MANIFEST_FILE
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from alliancekit.model.manifest import Manifest
    from alliancekit.scored import Provenance

NOT_KNOWN: Final = "not known: the table does not say"


@dataclass(frozen=True, slots=True)
class Model:
    """Name and method in words, and the figures of its card.

    Attributes:
        name: of the model.
        method: how similarities became scores.
        card: names and values from the model card; empty where the bundle isn't at hand.

    """

    name: str
    method: str
    card: Sequence[tuple[str, str]] = ()


def model(made_with: Provenance | None, bundle: Path | None = None) -> Model:
    """Describe the model by what the scores say of it, and by its bundle if that is the one that they name.

    Args:
        made_with: of the file of scores.
        bundle: folder of a bundle; the packaged one by default.

    """
    if made_with is None:
        return Model(NOT_KNOWN, NOT_KNOWN)
    manifest = _named(bundle or PACKAGED_BUNDLE, made_with.bundle_sha256)
    if manifest is None:
        return Model(
            f"a bundle with the SHA-256 {made_with.bundle_sha256 or 'not told'}", made_with.method or NOT_KNOWN
        )
    return Model(manifest.name, made_with.method, _card(manifest))


def _named(folder: Path, sha256: str) -> Manifest | None:
    """Give the manifest of the bundle in the folder if it has the hash."""
    try:
        content = (folder / MANIFEST_FILE).read_bytes()
        return load_manifest(folder) if hashlib.sha256(content).hexdigest() == sha256 else None
    except (OSError, AllianceError):
        return None


def _card(manifest: Manifest) -> list[tuple[str, str]]:
    weights, inventory = manifest.weights, manifest.inventory
    return [
        ("Encoder", f"{weights.source} ({weights.license}), weights stored as {weights.storage}"),
        (
            "Inventory",
            f"{inventory.name}, version {inventory.version}, {len(manifest.items)} items ({inventory.license})",
        ),
        ("Token limit", f"{manifest.max_tokens} tokens a turn"),
        *(
            (f"Fidelity, {precision}", f"smallest cosine to {found.against}: {found.embedding_min_cosine:.6f}")
            for precision, found in manifest.fidelity.items()
        ),
        ("Validation", "none: not validated against completed questionnaires"),
    ]
