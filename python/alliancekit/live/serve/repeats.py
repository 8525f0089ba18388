"""Short turns that come again and again ("Mm-hm.") are scored once: a text's scores are the same bits each time.

A fifth of the turns of real sessions repeat an earlier one. What is remembered is a keyed hash of the text, with a key
that ends with the process, and never the text itself.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from alliancekit.live.scored_turn import score_turns

if TYPE_CHECKING:
    from alliancekit.live.scored_turn import ScoredTurn
    from alliancekit.scorer import Scorer

LONGEST: Final = 200
"""Characters of a turn that is remembered; longer ones hardly ever come again."""
MOST: Final = 8192
"""Turns remembered, those that came last; some 2 kB each."""


class Repeats:
    """Scores turns, each short one once. Safe to share between threads."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self._key = secrets.token_bytes(32)
        self._known: OrderedDict[bytes, ScoredTurn] = OrderedDict()
        self._lock = threading.Lock()

    def score(self, turns: list[tuple[str, str | None]]) -> list[ScoredTurn]:
        """Give what `score_turns` gives."""
        names = [self._name(role, text) for role, text in turns]
        with self._lock:
            found = [self._recall(name) for name in names]
        new = [at for at, turn in enumerate(found) if turn is None]
        if new:
            scored = score_turns(self._scorer, [turns[at] for at in new])
            with self._lock:
                for at, turn in zip(new, scored, strict=True):
                    self._remember(names[at], turn)
                    found[at] = turn
        return [turn for turn in found if turn is not None]

    def _name(self, role: str, text: str | None) -> bytes | None:
        if text is None or len(text) > LONGEST:
            return None
        return blake2b(f"{role}\0{text}".encode("utf-8", "surrogatepass"), key=self._key, digest_size=16).digest()

    def _recall(self, name: bytes | None) -> ScoredTurn | None:
        turn = None if name is None else self._known.get(name)
        if turn is not None and name is not None:
            self._known.move_to_end(name)
        return turn

    def _remember(self, name: bytes | None, turn: ScoredTurn) -> None:
        if name is None:
            return
        self._known[name] = turn
        if len(self._known) > MOST:
            self._known.popitem(last=False)
