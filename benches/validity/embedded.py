"""Every distinct turn and sentence embedded once; all that follows is arithmetic on that."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alliancekit.inventory import Inventory, read_inventory
from alliancekit.model.build import embed_sentences
from alliancekit.model.embed import native_embedder
from alliancekit.model.parts import part_of_bundle
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from alliancekit.inventory.gated import States
    from alliancekit.inventory.methods import Embeddings


@dataclass(frozen=True, slots=True)
class Embedded:
    """The inventory and, for each text, its embedding [d] and the states of the tapped layers [taps * d]."""

    inventory: Inventory
    embeddings: Embeddings
    states: States


def embed(texts: list[str]) -> Embedded:
    """Embed the texts and the sentences of the packaged inventory, by alliancekit's own engine."""
    inventory = read_inventory(PACKAGED_BUNDLE / "inventory.toml")
    wanted = list(dict.fromkeys([*inventory.sentences(), *texts]))
    part = part_of_bundle(PACKAGED_BUNDLE)
    with tempfile.TemporaryDirectory() as scratch:
        embeddings, states = embed_sentences(part, wanted, Path(scratch) / "draft", native_embedder)
    return Embedded(inventory, embeddings, states)
