"""Train an encoder's upper layers on an inventory's sentences, and keep what changed: ``make adaptation``.

Only sentences of the inventory are learned from, never those of the probe's held-out half. The same seed on the same
machine gives the same file.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from benches.adaptation.branch import Branch
from benches.adaptation.training import Plan, train
from safetensors.numpy import save_file
from tokenizers import Tokenizer

from alliancekit.inventory import read_inventory
from alliancekit.inventory.gated import learned_from
from alliancekit.model.bundle import record

if TYPE_CHECKING:
    from numpy.typing import NDArray

RANK: Final = 32
SHARED: Final = 2
EPOCHS: Final = 6
RATE: Final = 2e-3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("encoder", type=Path, help="the encoder's folder")
    parser.add_argument("inventory", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--shared", type=int, default=SHARED, help="layers that stay as they are")
    parser.add_argument("--rank", type=int, default=RANK)
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    parser.add_argument("--rate", type=float, default=RATE)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    inventory = read_inventory(options.inventory)
    sentences = learned_from(inventory)
    branch = Branch(options.encoder, options.shared, options.rank)
    plan = Plan(options.epochs, options.rate, options.seed, _say)
    train(branch, _ids(options.encoder, sentences.texts), sentences, len(inventory.scales), plan)
    facts = {
        "shared_layers": str(options.shared),
        "weights_sha256": record(options.encoder / "model.safetensors").sha256,
        "inventory_sha256": record(options.inventory).sha256,
    }
    save_file(_kept(branch), options.output, facts)


def _say(text: str) -> None:
    print(text, flush=True)


def _ids(encoder: Path, texts: tuple[str, ...]) -> list[list[int]]:
    tokenizer = Tokenizer.from_file(str(encoder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return [encoding.ids for encoding in tokenizer.encode_batch(list(texts))]


def _kept(branch: Branch) -> dict[str, NDArray[np.float16]]:
    parts = {f"{name}.{part}": getattr(each, part) for name, each in branch.changes() for part in ("down", "up")}
    return {name: part.detach().numpy().astype(np.float16) for name, part in sorted(parts.items())}


if __name__ == "__main__":
    main()
