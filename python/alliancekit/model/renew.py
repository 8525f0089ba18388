"""A bundle's card anew, when figures of its model have been measured: the model itself stays as it is.

``python -m alliancekit.model.renew BUNDLE``, as the Makefile does.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from alliancekit.model.assemble import write_manifest
from alliancekit.model.bundle import load_manifest, verify
from alliancekit.model.card import model_card
from alliancekit.model.manifest import CARD_FILE, INVENTORY_FILE
from alliancekit.model.publish import published

if TYPE_CHECKING:
    from collections.abc import Sequence


def renew_card(bundle: Path) -> None:
    """Write `MODEL_CARD.md` of a bundle again, and its hash into `bundle.json`; the bundle is replaced as a whole.

    Raises FileNotFoundError, BundleError or IntegrityError if the bundle is damaged.
    """
    verify(bundle)
    manifest = load_manifest(bundle)
    with published(bundle) as folder:
        for name in manifest.files:
            shutil.copyfile(bundle / name, folder / name)
        card = model_card(manifest, (bundle / INVENTORY_FILE).read_bytes())
        (folder / CARD_FILE).write_text(card, encoding="utf-8")
        write_manifest(folder, manifest)


def main(arguments: Sequence[str]) -> None:
    """Renew the card of the bundle that is named."""
    (bundle,) = arguments
    renew_card(Path(bundle))


if __name__ == "__main__":
    main(sys.argv[1:])
