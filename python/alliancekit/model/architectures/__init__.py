"""Encoder architectures, one file each: `write(graph, encoder)` gives the hidden states' names, layer by layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from alliancekit.errors import EncoderError
from alliancekit.model.architectures import bert, mpnet, roberta
from alliancekit.model.encoder import Encoder
from alliancekit.model.graph import GraphWriter
from alliancekit.model.pooling import Hidden

Write = Callable[[GraphWriter, Encoder], Hidden]

ARCHITECTURES: Final[dict[str, Write]] = {
    "bert": bert.write,
    "mpnet": mpnet.write,
    "roberta": roberta.write,
    "xlm-roberta": roberta.write,
}
"""By `model_type` of config.json."""


def writer_for(encoder: Encoder) -> Write:
    """Return the function that writes this encoder's graph; EncoderError if its architecture is not supported."""
    kind = encoder.config.text("model_type")
    if kind in ARCHITECTURES:
        return ARCHITECTURES[kind]
    msg = (
        f"{encoder.config.path}: encoders of the architecture {kind!r} are not supported; "
        f"supported: {', '.join(sorted(ARCHITECTURES))}."
    )
    raise EncoderError(msg)
