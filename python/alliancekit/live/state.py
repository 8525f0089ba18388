"""A session's memory: constant in time and space for each turn, and no text in it."""

from __future__ import annotations

import base64
import struct
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from alliancekit import schema
from alliancekit.echo import echo_of
from alliancekit.errors import DataError, ParameterError
from alliancekit.live.notice import NOTICE
from alliancekit.live.running import Running
from alliancekit.live.scored_turn import ScoredTurn
from alliancekit.live.shares import Shares
from alliancekit.live.signals.watching import Watching, without_reference
from alliancekit.live.update import Update

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alliancekit.live.reference import Reference
    from alliancekit.live.update import Change, Signal

FORMAT: Final = 2


class SessionState:
    """Running numbers and signals of one session.

    Args:
        scales: names of the scores of a turn, in order.
        reference: what is usual; None for a session without signals.
        min_tokens: the scores of shorter turns are left out of running numbers and signals.

    """

    __slots__ = ("last", "last_index", "min_tokens", "reference", "running", "scales", "shares", "watching")

    def __init__(self, scales: tuple[str, ...], reference: Reference | None, min_tokens: int | None = None) -> None:
        self.scales = scales
        self.reference = reference
        self.min_tokens = min_tokens
        self.running = {scale: Running() for scale in scales}
        self.shares = Shares()
        self.watching = None if reference is None else Watching(reference)
        self.last: ScoredTurn | None = None
        self.last_index: int | None = None

    @property
    def next_index(self) -> int:
        """The turn index after the last one; 0 before the first turn."""
        return 0 if self.last_index is None else self.last_index + 1

    def include(self, turn: ScoredTurn, turn_index: int | None = None) -> Update:
        """Take in the next turn.

        Args:
            turn: as it was scored.
            turn_index: larger than those before; by default the next one.

        Raises:
            ParameterError: the turn index is not larger than that of the turn before.

        """
        index = self.check_index(turn_index)
        rank = self.shares.turns
        self.shares.include(turn.role, turn.n_tokens, truncated=turn.truncated)
        echo = self._echo(turn, index)
        if self._counts(turn):
            self._include_scores(turn, rank, index)
        self.last, self.last_index = turn, index
        return self._update(turn, index, echo)

    def check_index(self, turn_index: int | None) -> int:
        """Give the index that the next turn gets.

        Raises:
            ParameterError: it is no integer, or not larger than that of the turn before.

        """
        if isinstance(turn_index, bool) or not isinstance(turn_index, int | None):
            raise ParameterError(f"turn_index is an integer, not of type {type(turn_index).__name__}")
        index = self.next_index if turn_index is None else turn_index
        if self.last_index is not None and index <= self.last_index:
            raise ParameterError(f"turn_index {index} does not follow {self.last_index}: turns come in their order")
        return index

    def _counts(self, turn: ScoredTurn | None) -> bool:
        if turn is None or turn.n_tokens is None:
            return False
        return self.min_tokens is None or turn.n_tokens >= self.min_tokens

    def _include_scores(self, turn: ScoredTurn, rank: int, index: int) -> None:
        before = self.last if turn.role == schema.THERAPIST and self._follows_patient() else None
        for place, (scale, score) in enumerate(zip(self.scales, turn.scores, strict=True)):
            if score is None:
                continue
            self.running[scale].include(turn.role, rank, score)
            asked = None if before is None else before.scores[place]
            if asked is not None:
                self.running[scale].include_exchange(rank, asked, score)
        if self.watching is not None:
            scores = dict(zip(self.scales, turn.scores, strict=True))
            self.watching.include(index, turn.role, turn.n_tokens, scores)

    def _follows_patient(self) -> bool:
        return self.last is not None and self.last.role == schema.PATIENT and self._counts(self.last)

    def _echo(self, turn: ScoredTurn, index: int) -> float | None:
        before = self.last
        if before is None or before.role != schema.PATIENT or turn.role != schema.THERAPIST:
            return None
        if before.embedding is None or turn.embedding is None:
            return None
        echo = echo_of(before.embedding, turn.embedding)
        if self.watching is not None and self._counts(before) and self._counts(turn):
            self.watching.include_echo(index, echo, before.n_tokens)
        return echo

    def standing(self) -> dict[str, Any]:
        """Give how the session stands, as plain data: what `Update.to_dict` says that is not of one turn."""
        signals, _ = self._judged()
        return {
            "turns": self.shares.turns,
            schema.TURN_INDEX: self.last_index,
            "running": {scale: running.numbers(self.shares.turns) for scale, running in self.running.items()},
            **self.shares.numbers(),
            "signals": [signal.to_dict() for signal in signals],
            "notice": NOTICE,
        }

    def _judged(self) -> tuple[tuple[Signal, ...], tuple[Change, ...]]:
        return (without_reference(self.scales[-1]), ()) if self.watching is None else self.watching.judge()

    def _update(self, turn: ScoredTurn, index: int, echo: float | None) -> Update:
        turns = self.shares.turns
        signals, changed = self._judged()
        return Update(
            turn_index=index,
            role=turn.role,
            n_tokens=turn.n_tokens,
            truncated=turn.truncated,
            scores=dict(zip(self.scales, turn.scores, strict=True)),
            echo=echo,
            running={scale: running.numbers(turns) for scale, running in self.running.items()},
            shares=self.shares.numbers(),
            signals=signals,
            changed=changed,
        )

    def dump(self) -> dict[str, Any]:
        """Give everything as plain data, without text.

        The last turn's scores are in it, and where it is a patient's, its embedding, which its answer is compared with.
        """
        return {
            "format": FORMAT,
            "scales": list(self.scales),
            "min_tokens": self.min_tokens,
            "running": {scale: running.dump() for scale, running in self.running.items()},
            "shares": self.shares.dump(),
            "watching": None if self.watching is None else self.watching.dump(),
            "last": None if self.last is None else _dump_turn(self.last),
            "last_index": self.last_index,
        }

    @classmethod
    def load(cls, data: Mapping[str, Any], reference: Reference | None) -> SessionState:
        """Take up what `dump` gave.

        Raises:
            DataError: it is something else, of another format, or was made with another reference.

        """
        try:
            return cls._load(data, reference)
        except (KeyError, TypeError, ValueError, IndexError, AttributeError, struct.error) as error:
            if isinstance(error, DataError):
                raise
            raise DataError("what was to be restored is no snapshot of a session, or a damaged one") from None

    @classmethod
    def _load(cls, data: Mapping[str, Any], reference: Reference | None) -> SessionState:
        if data["format"] != FORMAT:
            raise DataError(f"a snapshot of format {data['format']!r}; this version reads {FORMAT}")
        if (data["watching"] is None) != (reference is None):
            raise DataError("the snapshot was made with a reference, and there is none now, or the other way round")
        state = cls(tuple(data["scales"]), reference, data["min_tokens"])
        state.running = {scale: Running.load(data["running"][scale]) for scale in state.scales}
        state.shares = Shares(data["shares"])
        if state.watching is not None:
            state.watching.load(data["watching"])
        state.last = None if data["last"] is None else _load_turn(data["last"])
        state.last_index = data["last_index"]
        return state


def _dump_turn(turn: ScoredTurn) -> dict[str, Any]:
    vector = turn.embedding if turn.role == schema.PATIENT else None
    embedding = None if vector is None else base64.b64encode(vector.astype("<f4").tobytes()).decode()
    return {
        "role": turn.role,
        "n_tokens": turn.n_tokens,
        "truncated": turn.truncated,
        "scores": list(turn.scores),
        "embedding": embedding,
    }


def _load_turn(data: Mapping[str, Any]) -> ScoredTurn:
    coded = data["embedding"]
    embedding = None if coded is None else np.frombuffer(base64.b64decode(coded), dtype="<f4").astype(np.float32)
    return ScoredTurn(data["role"], data["n_tokens"], data["truncated"], tuple(data["scores"]), embedding)
