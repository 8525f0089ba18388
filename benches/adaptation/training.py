"""Training a branch: which scale a sentence is about, and whether it speaks for or against it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benches.adaptation.branch import Branch
    from numpy.typing import NDArray

    from alliancekit.inventory.gated import Sentences

BATCH: Final = 32
TOGETHER: Final = 20
"""Batches whose sentences are put in order of length, so that little is padded."""

WARM_UP: Final = 100
HEAD_RATE: Final = 2e-3
OTHER_FORM: Final = 0.3
OTHER_SCALE: Final = 0.2
"""What a sentence counts in the fit of another form, and of another scale."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long, how fast, and who is told."""

    epochs: int
    rate: float
    seed: int
    say: Callable[[str], object]


class Heads(torch.nn.Module):
    """Valence of each form and scale, and relevance of each form, scale and `beside`: thrown away after training."""

    def __init__(self, width: int, forms: int, scales: int) -> None:
        super().__init__()
        self.forms, self.scales = forms, scales
        self.valence = torch.nn.Linear(width, forms * scales)
        self.relevance = torch.nn.Linear(width, forms * (scales + 1))
        self.dropout = torch.nn.Dropout(0.1)

    def forward(self, pooled: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Give the logits of valence [batch, forms, scales] and relevance [batch, forms, scales + 1]."""
        pooled = self.dropout(pooled)
        valence, relevance = self.valence(pooled), self.relevance(pooled)
        return valence.view(-1, self.forms, self.scales), relevance.view(-1, self.forms, self.scales + 1)


def train(branch: Branch, ids: list[list[int]], sentences: Sentences, scales: int, plan: Plan) -> None:
    """Train the changes of `branch` on token ids of `sentences`, in place."""
    forms = int(sentences.form.max()) + 1
    heads = Heads(branch.width, forms, scales)
    states = [branch.before(torch.tensor([each]))[0] for each in ids]
    lengths = np.array([len(each) for each in ids])
    changed = [parameter for parameter in branch.parameters() if parameter.requires_grad]
    groups = [{"params": changed, "lr": plan.rate}, {"params": list(heads.parameters()), "lr": HEAD_RATE}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = plan.epochs * (len(ids) // BATCH + len(ids) // (BATCH * TOGETHER) + 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / steps)
    )
    branch.train()
    for epoch in range(plan.epochs):
        losses = []
        for batch in _batches(lengths, np.random.default_rng([plan.seed, epoch])):
            loss = _loss(heads(branch(*_padded([states[place] for place in batch]))), sentences, batch, scales)
            optimizer.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_([*changed, *heads.parameters()], 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        plan.say(f"epoch {epoch + 1} of {plan.epochs}: mean loss {np.mean(losses):.3f}")


def _batches(lengths: NDArray[np.int64], chance: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    order = chance.permutation(len(lengths))
    for start in range(0, len(order), BATCH * TOGETHER):
        chunk = order[start : start + BATCH * TOGETHER]
        chunk = chunk[np.argsort(lengths[chunk], kind="stable")]
        batches = [chunk[first : first + BATCH] for first in range(0, len(chunk), BATCH)]
        yield from (batches[place] for place in chance.permutation(len(batches)))


def _padded(states: list[torch.Tensor]) -> tuple[torch.Tensor, torch.Tensor]:
    hidden = torch.nn.utils.rnn.pad_sequence(states, batch_first=True)
    lengths = torch.tensor([len(each) for each in states])
    return hidden, (torch.arange(hidden.shape[1])[None] < lengths[:, None]).float()


def _loss(
    found: tuple[torch.Tensor, torch.Tensor], sentences: Sentences, batch: NDArray[np.int64], scales: int
) -> torch.Tensor:
    valence, relevance = found
    form, scale = torch.tensor(sentences.form[batch]), torch.tensor(sentences.scale[batch])
    sign = torch.tensor(sentences.sign[batch], dtype=torch.float32)
    in_form = torch.where(torch.arange(valence.shape[1])[None] == form[:, None], 1.0, OTHER_FORM)
    kinds = torch.where(scale < 0, scales, scale)[:, None].expand(-1, valence.shape[1])
    about = functional.cross_entropy(relevance.transpose(1, 2), kinds, reduction="none") * in_form
    in_scale = torch.where(torch.arange(scales)[None] == scale[:, None], 1.0, OTHER_SCALE)
    wanted = ((sign + 1) / 2)[:, None, None].expand_as(valence)
    said = functional.binary_cross_entropy_with_logits(valence, wanted, reduction="none")
    weights = in_form[:, :, None] * in_scale[:, None, :] * (sign != 0).float()[:, None, None]
    return (said * weights).sum((1, 2)).mean() + about.sum(1).mean()
