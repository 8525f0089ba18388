"""`MODEL_CARD.md`: what a bundle is, what was measured, and what it is not."""

from __future__ import annotations

import hashlib
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Final

from alliancekit.model.measured import PROBE, VALIDITY, figures

if TYPE_CHECKING:
    from alliancekit.model.manifest import Fidelity, Manifest, Tier


ADAPTED: Final = """
- Layers {layers} are there twice: as they were trained, for embeddings and the published methods, and adapted to
  sentences of an inventory, for `gated`. SHA-256 of what changes them: `{sha256}`."""

NOT_MEASURED: Final = "| none: ONNX Runtime alone runs this encoder | | | | | | | |"


def model_card(manifest: Manifest, inventory: bytes) -> str:
    """Fill the template in with what the manifest says; its file hashes are not needed yet.

    `inventory` is the inventory's file: figures of the model stand in the card if they are of this inventory.
    """
    digest, weights = hashlib.sha256(inventory).hexdigest(), manifest.weights.hashes
    template = Template(Path(__file__).with_name("card.template.md").read_text(encoding="utf-8"))
    return template.substitute(
        name=manifest.name,
        scales=", ".join(manifest.scales),
        methods=", ".join(f"`{method}`" for method in manifest.methods),
        default_method=manifest.default_method,
        n_items=len(manifest.items),
        inventory=f"{manifest.inventory.name}, version {manifest.inventory.version}",
        inventory_license=manifest.inventory.license,
        source=manifest.weights.source,
        license=manifest.weights.license,
        sha256=manifest.weights.sha256,
        adapted=_adapted(manifest),
        storage=manifest.weights.storage,
        embedding_size=manifest.embedding_size,
        max_tokens=manifest.max_tokens,
        pooling=manifest.pooling,
        probe=figures(PROBE, digest, weights),
        validity=figures(VALIDITY, digest, weights),
        tiers="\n".join(_tier_row(name, figures) for name, figures in manifest.tiers.items()) or NOT_MEASURED,
        fidelity="\n".join(_row(precision, figures) for precision, figures in manifest.fidelity.items()),
    )


def _adapted(manifest: Manifest) -> str:
    encoder = manifest.encoder
    if encoder is None or encoder.shared_layers is None:
        return ""
    first = f"{encoder.shared_layers + 1} to {encoder.layers}"
    return ADAPTED.format(layers=first, sha256=manifest.weights.adaptation_sha256)


def _tier_row(precision: str, figures: Tier) -> str:
    numbers = (
        figures.embedding_mean_cosine,
        figures.embedding_min_cosine,
        figures.items_mean_correlation,
        figures.items_min_correlation,
        figures.least(),
        min(figures.session_gaps.values()),
    )
    return f"| {' | '.join((precision, *(f'{number:.5f}' for number in numbers), str(figures.n_texts)))} |"


def _row(precision: str, figures: Fidelity) -> str:
    cells = (
        precision,
        f"{figures.embedding_max_abs_difference:.1e}",
        f"{figures.embedding_min_cosine:.7f}",
        str(figures.n_texts),
        figures.against,
    )
    return f"| {' | '.join(cells)} |"
