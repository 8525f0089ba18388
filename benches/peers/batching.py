"""Texts to padded batches of about one length, and token vectors to one a text: what a careful user writes by hand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benches.peers.place import Place, Vectors
    from numpy.typing import NDArray

    Ids = NDArray[np.int64]

MOST_TOKENS = 256
"""What the encoder reads of a text."""

TOKEN_BUDGET = 1024
"""Tokens of a batch, padding included."""


class Tokenize:
    """The encoder's own tokenizer, in the library that all peers use."""

    def __init__(self, place: Place) -> None:
        from tokenizers import Tokenizer  # noqa: PLC0415 - of the peer's environment

        self._tokenizer = Tokenizer.from_file(str(Path(place.encoder) / "tokenizer.json"))
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.no_padding()

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """Give the token ids of each text."""
        return [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]


def sorted_batches(sequences: Sequence[Sequence[int]]) -> Iterator[tuple[list[int], Ids, Ids]]:
    """Give rows, ids and mask of each batch, longest first, of at most `TOKEN_BUDGET` tokens or one text."""
    rows = sorted(range(len(sequences)), key=lambda row: -len(sequences[row]))
    start = 0
    while start < len(rows):
        length = len(sequences[rows[start]])
        batch = rows[start : start + max(1, TOKEN_BUDGET // max(1, length))]
        ids = np.zeros((len(batch), length), dtype=np.int64)
        for place, row in enumerate(batch):
            ids[place, : len(sequences[row])] = sequences[row]
        mask = (np.arange(length) < np.array([len(sequences[row]) for row in batch])[:, None]).astype(np.int64)
        yield batch, ids, mask
        start += len(batch)


def pooled(states: NDArray[np.float32], mask: Ids) -> Vectors:
    """Mean of the token vectors of each text, to unit norm: states [batch, length, d], mask [batch, length]."""
    totals = np.einsum("btd,bt->bd", states, mask.astype(np.float32))
    return np.asarray(totals / np.linalg.norm(totals, axis=1, keepdims=True), dtype=np.float32)
