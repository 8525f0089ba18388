"""Pieces scored in order, several at a time: while the end of one is encoded, the next one is begun."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.corpus.ahead import TICK_SECONDS
from alliancekit.corpus.cache import ScoreCache
from alliancekit.corpus.parts import FILE, ROW, Scored

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from concurrent.futures import Future

    from alliancekit.corpus.cache import Planned
    from alliancekit.corpus.reading import Piece
    from alliancekit.scorer import Scorer

AT_A_TIME: Final = 2
"""Calls of the engine that share its sessions."""

WAITING: Final = 1
"""Pieces that wait for them."""

NO_TEXTS: Final = pl.Series(schema.TEXT, [], dtype=pl.String)


class StoppedError(BaseException):
    """The run ends before the engine's call. Not an `Exception`, so that nothing takes it for an error."""


@dataclass(frozen=True, slots=True)
class _Begun:
    piece: Piece
    planned: Planned
    scored: Future[pl.DataFrame]


@dataclass(slots=True)
class PieceScorer:
    """Scores pieces.

    Args:
        scorer: gives the scores of texts.
        forms: `own` or `all`.
        keep_text: whether the text is kept.
        tick: called about ten times a second.

    Attributes:
        cache: which texts are scored already.
        done: for each piece that is being scored, how many of its turns that is worth.

    """

    scorer: Scorer
    forms: schema.Forms
    keep_text: bool
    tick: Callable[[], object] = lambda: None
    cache: ScoreCache = field(default_factory=ScoreCache)
    done: dict[int, float] = field(default_factory=dict)
    _stopped: bool = False

    def scored(self, pieces: Iterable[Piece]) -> Iterator[tuple[Piece, Scored]]:
        """Give each piece and its scores, in order.

        Raises:
            ColumnError: the data has a column where a score would go.

        """
        begun: deque[_Begun] = deque()
        pool = ThreadPoolExecutor(AT_A_TIME, thread_name_prefix="alliancekit-score")
        try:
            for number, piece in enumerate(pieces):
                begun.append(self._begin(number, piece, pool))
                if len(begun) >= AT_A_TIME + WAITING:
                    yield self._end(begun.popleft())
            while begun:
                yield self._end(begun.popleft())
        finally:
            # No call: a Ctrl-C that Polars hears too comes twice, and must not come inside of one here.
            self._stopped = True
            pool.shutdown(wait=False, cancel_futures=True)

    def in_work(self) -> float:
        """Give how many turns the work is worth that is done on pieces which are not complete."""
        return sum(list(self.done.values()))

    def _begin(self, number: int, piece: Piece, pool: ThreadPoolExecutor) -> _Begun:
        if piece.turns.width:
            self.scorer.refuse_clash(piece.turns, self.forms)
        planned = self.cache.plan(piece.turns.get_column(schema.TEXT, default=NO_TEXTS))
        return _Begun(piece, planned, pool.submit(self._score, number, piece.turns.height, planned.new))

    def _score(self, number: int, turns: int, texts: pl.Series) -> pl.DataFrame:
        def progress(done: int, total: int) -> None:
            if self._stopped:
                raise StoppedError
            self.done[number] = turns * done / total if total else 0.0

        try:
            return self.scorer.score_texts(texts, progress=progress)
        finally:
            self.done.pop(number, None)

    def _end(self, begun: _Begun) -> tuple[Piece, Scored]:
        # In short waits: Python hears Ctrl-C between them.
        while not wait([begun.scored], timeout=TICK_SECONDS).done:
            self.tick()
        scores = self.cache.complete(begun.planned, begun.scored.result())
        turns = begun.piece.turns
        if turns.width:
            places = turns.select(FILE, ROW)
            scored = self.scorer.attach(turns.drop(FILE, ROW), scores, forms=self.forms, keep_text=self.keep_text)
            turns = scored.hstack(places)
        return begun.piece, Scored(turns, begun.piece.bad)
