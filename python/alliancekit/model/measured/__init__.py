"""Figures of the model, as the benches printed them: a card takes them in where they are of the same model.

Each file begins with a line that names the inventory and the weights that were measured, by their hashes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alliancekit.model.bundle import load_manifest
from alliancekit.model.manifest import INVENTORY_FILE

PROBE: Final = Path(__file__).with_name("probe.md")
VALIDITY: Final = Path(__file__).with_name("validity.md")
NOT_MEASURED: Final = "Not measured for this bundle: the figures that exist are of another inventory or encoder."


def heading(bundle: Path) -> str:
    """Return the first line of a file of figures: which model they are of."""
    manifest = load_manifest(bundle)
    return _line(manifest.files[INVENTORY_FILE].sha256, manifest.weights.hashes)


def figures(file: Path, inventory: str, weights: str) -> str:
    """Return the figures in `file` if they are of the model of these hashes, else a sentence that says they are not."""
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    first, _, rest = text.partition("\n")
    return rest.strip() if first == _line(inventory, weights) else NOT_MEASURED


def _line(inventory: str, weights: str) -> str:
    return f"<!-- inventory {inventory}, weights {weights} -->"
