"""Distinct texts once across a run, in memory of a fixed size.

A table says where the scores of a text stand in a ring; a text's hash says its only place in the table, and a later
text takes that place. So looking up, keeping and forgetting are a few numpy operations on a whole batch.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from alliancekit import schema

if TYPE_CHECKING:
    from numpy.typing import NDArray

RING: Final = 1 << 18
"""Texts whose scores are kept; a text comes again within so many others, or is scored again."""

_KEY: Final = np.dtype([("first", np.uint64), ("second", np.uint64), ("place", np.int64)])
_NO_TEXT: Final = -1


@dataclass(frozen=True, slots=True)
class Planned:
    """A batch of texts before it is scored.

    Attributes:
        new: the texts that are to be scored, each once.
        places: for each text of the batch, where its scores will stand: counted from the first text of the run.
        first: the place of the first of the new ones.

    """

    new: pl.Series
    places: NDArray[np.int64]
    first: int


class ScoreCache:
    """Plans batches in order, and completes them in the same order.

    Args:
        ring: texts that are kept; a batch may not have more.

    >>> cache = ScoreCache(ring=4)
    >>> first = cache.plan(pl.Series(["Yes.", "No.", "Yes."]))
    >>> first.new.to_list(), first.places.tolist(), cache.plan(pl.Series(["No."])).new.to_list()
    (['Yes.', 'No.'], [0, 1, 0], [])

    """

    def __init__(self, *, ring: int = RING) -> None:
        self.ring = ring
        self.texts = 0
        self.scored = 0
        self._table: NDArray[Any] = np.zeros(2 * ring, dtype=_KEY)
        self._table["place"] = -1 - ring
        self._names: list[str] = []
        self._values = np.empty((0, 0), dtype=np.float32)
        self._tokens = np.full(ring, _NO_TEXT, dtype=np.int64)
        self._truncated = np.zeros(ring, dtype=np.bool_)

    def plan(self, texts: pl.Series) -> Planned:
        """Find which texts are neither kept nor on the way; they are then on the way."""
        keys = self._keys(texts)
        slots = keys["first"] % len(self._table)
        found = self._table[slots]
        # By the time the batch is complete, its own new texts may have taken the places of the oldest.
        oldest = self.scored + len(texts) - self.ring
        known = (found["first"] == keys["first"]) & (found["second"] == keys["second"]) & (found["place"] >= oldest)
        missing = np.flatnonzero(~known)
        first, rows = _first_of_each(keys[missing])
        places = np.where(known, found["place"], 0)
        places[missing] = self.scored + rows
        planned = Planned(texts.gather(missing[first]), places, self.scored)
        self._keep(keys[missing[first]], slots[missing[first]])
        self.texts += len(texts)
        return planned

    def complete(self, planned: Planned, scored: pl.DataFrame) -> pl.DataFrame:
        """Take the scores of the new texts, and give those of all texts of the batch, as `Scorer.score_texts` does."""
        if not self._names:
            self._names = [name for name in scored.columns if name not in (schema.N_TOKENS, schema.TRUNCATED)]
            self._values = np.full((self.ring, len(self._names)), np.nan, dtype=np.float32)
        at = np.arange(planned.first, planned.first + scored.height) % self.ring
        self._tokens[at] = scored[schema.N_TOKENS].cast(pl.Int64).fill_null(_NO_TEXT).to_numpy()
        self._truncated[at] = scored[schema.TRUNCATED].fill_null(value=False).to_numpy()
        self._values[at] = scored.select(pl.col(self._names).fill_null(float("nan"))).to_numpy()
        return self._gather(planned.places % self.ring)

    def _gather(self, at: NDArray[np.int64]) -> pl.DataFrame:
        tokens = self._tokens[at]
        there = pl.Series(tokens != _NO_TEXT)
        columns = {
            schema.N_TOKENS: pl.Series(np.maximum(tokens, 0).astype(np.uint32)),
            schema.TRUNCATED: pl.Series(self._truncated[at]),
            **{name: pl.Series(self._values[at, number]) for number, name in enumerate(self._names)},
        }
        return pl.DataFrame(columns).select(pl.when(there).then(pl.col(name)).alias(name) for name in columns)

    def _keys(self, texts: pl.Series) -> NDArray[Any]:
        said = texts.fill_null("")
        keys = np.empty(len(texts), dtype=_KEY)
        keys["first"] = said.hash(seed=1).to_numpy()
        keys["second"] = said.hash(seed=2).to_numpy()
        keys["place"] = 0
        return keys

    def _keep(self, keys: NDArray[Any], slots: NDArray[np.uint64]) -> None:
        entries = keys.copy()
        entries["place"] = np.arange(self.scored, self.scored + len(keys))
        self.scored += len(keys)
        self._table[slots] = entries


def _first_of_each(keys: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give where each distinct key stands first, in that order, and for each key the number of its first."""
    table = pl.DataFrame({"first": keys["first"], "second": keys["second"]}).with_row_index("at")
    distinct = table.unique(["first", "second"], keep="first", maintain_order=True).with_row_index("number")
    numbered = table.join(distinct.drop("at"), on=["first", "second"], how="left", maintain_order="left")
    return distinct["at"].cast(pl.Int64).to_numpy(), numbered["number"].cast(pl.Int64).to_numpy()
