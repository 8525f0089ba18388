"""What an engine is given: where the weights are, how many threads it may use, its own options.

What runs in a peer's environment (this, `worker`, `engines`, `exports`) needs the standard library and numpy only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
Encode = Callable[[Sequence[str]], Vectors]


class Unable(Exception):  # noqa: N818 - no error: a row of the table
    """A peer cannot run here; the message is the reason, and goes into the table."""


@dataclass(frozen=True, slots=True)
class Place:
    """What an engine is given.

    Attributes:
        encoder: folder of the Hugging Face weights.
        exported: folder of what `exports` made of them: ``onnx/``, ``openvino-int8/``, ….
        bundle: folder of our own bundle.
        threads: threads it may use.
        options: its own, from the catalogue.

    """

    encoder: str
    exported: str
    bundle: str
    threads: int
    options: dict[str, Any] = field(default_factory=dict)

    def made(self, name: str) -> Path:
        """Give a folder that `exports` made; raise `Unable`, with the reason it noted, where it could not."""
        folder = Path(self.exported) / name
        if folder.is_dir():
            return folder
        reason = Path(self.exported) / f"{name}.failed"
        raise Unable(f"no {name} export: {reason.read_text(encoding='utf-8') if reason.exists() else 'not made'}")

    def as_message(self) -> dict[str, Any]:
        """Give it as JSON takes it."""
        return asdict(self)
