"""RoBERTa and XLM-RoBERTa: BERT's layers under another prefix, positions after those of padding (Liu et al. 2019)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.model.architectures import bert

if TYPE_CHECKING:
    from alliancekit.model.encoder import Encoder
    from alliancekit.model.graph import GraphWriter
    from alliancekit.model.pooling import Hidden

ROBERTA: Final = bert.Family("roberta.")


def write(graph: GraphWriter, encoder: Encoder) -> Hidden:
    """Write the encoder, as `bert.write` does."""
    return bert.write(graph, encoder, ROBERTA)
