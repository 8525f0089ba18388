"""Item sets and how they are read.

An inventory is a TOML file that anyone can copy and change: its scales, and items worded for the patient and for the
therapist. `methods` turns the embeddings of its sentences into scoring matrices.
"""

from __future__ import annotations

from pathlib import Path

from alliancekit.inventory.items import FORMS, Beside, Example, Inventory, Item, Wording
from alliancekit.inventory.read import FORMAT_VERSION, read_inventory

__all__ = [
    "FORMAT_VERSION",
    "FORMS",
    "Beside",
    "Example",
    "Inventory",
    "Item",
    "Wording",
    "default_inventory_path",
    "read_inventory",
]


def default_inventory_path() -> Path:
    """Return the path of the inventory inside the package, written for this project.

    Example:
    >>> default_inventory_path().name
    'default.toml'

    """
    return Path(__file__).with_name("default.toml")
