"""Which sessions were there: eight bytes each, since this is the one thing that grows with the corpus."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from alliancekit import schema

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass(slots=True)
class SeenSessions:
    """Counts sessions, and those that come again in a later part.

    Attributes:
        again: sessions of which an earlier part has turns too, counted in each later part.

    >>> seen = SeenSessions()
    >>> for sessions in (["a", "b"], ["b", "c"]):
    ...     seen.add(pl.DataFrame({"session_id": sessions}))
    >>> seen.count, seen.again
    (3, 1)

    """

    again: int = 0
    _hashes: NDArray[np.uint64] = field(default_factory=lambda: np.empty(0, dtype=np.uint64))

    @property
    def count(self) -> int:
        """How many sessions there are."""
        return len(self._hashes)

    def add(self, turns: pl.DataFrame) -> None:
        """Take down the sessions of a part."""
        if schema.SESSION_ID not in turns.columns:
            return
        ids = turns[schema.SESSION_ID].cast(pl.String).unique()
        new = np.unique(ids.hash(seed=3).to_numpy())
        before = self.count
        self._hashes = np.union1d(self._hashes, new)
        self.again += len(new) - (self.count - before)
