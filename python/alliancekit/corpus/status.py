"""How far a run is: figures for a bar, for a program, and for the summary."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.corpus.cache import ScoreCache
    from alliancekit.corpus.reading import Piece


@dataclass(slots=True)
class Status:
    """How far a run is; updated while it goes on.

    Attributes:
        stage: `hashing`, `scoring` or `done`.
        turns: turns that are scored and handed on to a part, those of an interrupted run among them.
        before: of these, turns that were there when the run was resumed.
        truncated: turns of which the model did not read the end, since the start or the resuming.
        quarantined: rows that were quarantined.
        parts: parts that are on the disk.
        share: share of the input that is done, about; by bytes and lines of the files.
        in_work: turns' worth of what is being scored.
        texts: texts looked up since the start or the resuming.
        new_texts: of these, those that were scored, the others being known.
        seconds: since scoring began.

    """

    stage: str = "hashing"
    turns: int = 0
    before: int = 0
    truncated: int = 0
    quarantined: int = 0
    parts: int = 0
    share: float = 0.0
    texts: int = 0
    new_texts: int = 0
    in_work: float = 0.0
    _start: float = field(default_factory=time.perf_counter)
    _share_before: float = 0.0
    _sizes: Sequence[tuple[int, int]] = ()
    _starts: list[int] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        """Seconds since scoring began."""
        return time.perf_counter() - self._start

    @property
    def rate(self) -> float:
        """Turns a second, those in work counted as far as they are done."""
        seconds = self.seconds
        return (self.turns - self.before + self.in_work) / seconds if seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds that the rest will take, about; None where nothing is done yet."""
        done = self.share - self._share_before
        return None if done <= 0 else self.seconds * max(0.0, 1.0 - self.share) / done

    def begin(self, sizes: Sequence[tuple[int, int]], *, turns: int) -> None:
        """Start the clock of scoring.

        Args:
            sizes: bytes of each file, and about how many turns it has.
            turns: those that are there from before.

        """
        self.stage, self.turns, self.before = "scoring", turns, turns
        self._sizes = sizes
        self._starts = [0, *accumulate(size for size, _ in sizes)]
        self._start = time.perf_counter()

    def see(self, cache: ScoreCache, in_work: float) -> None:
        """Take down how many texts were known, and the turns' worth of what is in work."""
        self.texts, self.new_texts, self.in_work = cache.texts, cache.scored, in_work

    def reach(self, piece: Piece, *, skipped: bool) -> None:
        """Take down where in the input this piece ends; `skipped` when earlier parts have done it."""
        size, turns = self._sizes[piece.file]
        within = 1.0 if piece.last else min(1.0, piece.read / max(1, turns))
        self.share = (self._starts[piece.file] + within * size) / max(1, self._starts[-1])
        if skipped:
            self._share_before = self.share
