"""How near a peer's vectors and item scores are to those of the float32 reference."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from benches.peers.place import Vectors
    from numpy.typing import NDArray

    from alliancekit.inventory import Inventory


@dataclass(frozen=True, slots=True)
class Fidelity:
    """Cosine of each turn's vector with the reference's (NaN in another space), correlation of each item's scores."""

    cosine_mean: float
    cosine_min: float
    items_r_mean: float
    items_r_min: float


@dataclass(frozen=True, slots=True)
class Items:
    """The sentences that express each item in each form, by their places in one list."""

    sentences: list[str]
    of_item: list[list[int]]

    @staticmethod
    def of(inventory: Inventory) -> Items:
        """Take them from an inventory: patient's and therapist's form of each item."""
        groups = [item.wording(form).agree for item in inventory.items for form in ("patient", "therapist")]
        sentences = list(dict.fromkeys(sentence for group in groups for sentence in group))
        places = {sentence: place for place, sentence in enumerate(sentences)}
        return Items(sentences, [[places[sentence] for sentence in group] for group in groups])

    def centroids(self, vectors: Vectors) -> Vectors:
        """Give the unit-norm centroid of each item: [items · forms, d] from the sentences' vectors [sentences, d]."""
        return unit(np.array([unit(vectors[group]).mean(axis=0) for group in self.of_item], dtype=np.float32))


def unit(vectors: Vectors) -> Vectors:
    """Give rows of length one; rows of zeros stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 0, lengths, 1), dtype=np.float32)


def fidelity(found: Vectors, reference: Vectors, items: Vectors, own_items: Vectors | None = None) -> Fidelity:
    """Compare the vectors of the same texts; `own_items` are the item centroids of a peer with a space of its own."""
    found, reference = unit(found), unit(reference[: len(found)])
    cosines = np.full(1, np.nan) if own_items is not None else np.sum(found.astype(np.float64) * reference, axis=1)
    scores, expected = found @ (items if own_items is None else own_items).T, reference @ items.T
    correlations = column_correlations(scores, expected)
    return Fidelity(float(cosines.mean()), float(cosines.min()), float(correlations.mean()), float(correlations.min()))


def column_correlations(first: Vectors, second: Vectors) -> NDArray[np.float64]:
    """Pearson's r of each column of one with that column of the other."""
    one, other = (values - values.mean(axis=0, dtype=np.float64) for values in (first, second))
    return np.asarray((one * other).sum(axis=0) / np.sqrt((one**2).sum(axis=0) * (other**2).sum(axis=0)))
