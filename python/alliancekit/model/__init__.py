"""Model bundles: building one from an encoder's weights and an inventory, and reading what one says of itself.

Reading (`read_manifest`, `verify`) needs nothing but Python. Building needs the `build` extra (`onnx`, `safetensors`)
and is imported from where it is: `alliancekit.model.build`.
"""

from __future__ import annotations

from alliancekit.model.bundle import read_manifest, verify
from alliancekit.model.manifest import Manifest

__all__ = ["Manifest", "read_manifest", "verify"]
