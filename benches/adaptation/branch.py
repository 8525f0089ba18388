"""The upper layers of an encoder with low-rank changes of their matrices (Hu et al. 2022, LoRA), in torch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from transformers import AutoModel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DROPOUT: Final = 0.1
MASKED: Final = -10_000.0
MATRICES: Final = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)


class Changed(torch.nn.Module):
    """A linear layer, frozen, plus up down x, which begins at zero."""

    def __init__(self, linear: torch.nn.Linear, rank: int) -> None:
        super().__init__()
        self.linear = linear
        self.down = torch.nn.Parameter(torch.randn(rank, linear.in_features) / linear.in_features**0.5)
        self.up = torch.nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Give the changed product of x [..., in]."""
        out: torch.Tensor = self.linear(x) + (x @ self.down.T) @ self.up.T
        return out


class Branch(torch.nn.Module):
    """All layers from `shared` on, changed, and what comes before them, as it is."""

    def __init__(self, encoder: Path, shared: int, rank: int) -> None:
        super().__init__()
        self.model = AutoModel.from_pretrained(
            encoder, attn_implementation="eager", hidden_dropout_prob=DROPOUT, attention_probs_dropout_prob=DROPOUT
        )
        self.model.requires_grad_(requires_grad=False)
        self.shared = shared
        for layer in self.model.encoder.layer[shared:]:
            for name in MATRICES:
                holder, _, last = name.rpartition(".")
                parent = layer.get_submodule(holder)
                setattr(parent, last, Changed(getattr(parent, last), rank))

    @property
    def width(self) -> int:
        """Components of a state."""
        return int(self.model.config.hidden_size)

    def changes(self) -> Iterator[tuple[str, Changed]]:
        """Give each changed matrix under its name in the weights file."""
        for number, layer in enumerate(self.model.encoder.layer):
            if number >= self.shared:
                for name in MATRICES:
                    yield f"encoder.layer.{number}.{name}.weight", layer.get_submodule(name)

    @torch.no_grad()
    def before(self, ids: torch.Tensor) -> torch.Tensor:
        """Return the states after the shared layers, [batch, sequence, d], of sequences of one length."""
        self.model.eval()
        hidden = self.model.embeddings(input_ids=ids)
        for layer in self.model.encoder.layer[: self.shared]:
            hidden = _first(layer(hidden))
        return hidden

    def forward(self, hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Return the mean of the last states, [batch, d]; `mask` [batch, sequence] is 1 for a token, 0 for padding."""
        bias = ((1 - mask) * MASKED)[:, None, None, :]
        for layer in self.model.encoder.layer[self.shared :]:
            hidden = _first(layer(hidden, attention_mask=bias))
        return (hidden * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)


def _first(output: torch.Tensor | tuple[torch.Tensor, ...]) -> torch.Tensor:
    return output[0] if isinstance(output, tuple) else output
