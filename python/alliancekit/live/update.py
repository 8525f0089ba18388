"""What a turn gives: its scores, the session's running numbers, its signals and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from alliancekit import schema
from alliancekit.live.notice import NOTICE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alliancekit.live.running import Number
    from alliancekit.live.signals.states import State


@dataclass(frozen=True, slots=True)
class Signal:
    """One signal on one scale.

    Attributes:
        name: `patient falling`, `sides parting` or `echo`.
        scale: the scale it is seen on; None for echo, which is not of a scale.
        state: `not enough data`, `steady`, `watch` or `alert`.
        value: the statistic, in units of `watch_limit` and `alert_limit`.
        watch_limit: what `value` exceeds in `watch`; None without a reference.
        alert_limit: what it exceeds in `alert`.
        turns: the evidence, indices of the latest turns that `value` is made of, at most 20.
        reason: what is missing, where there is not enough data.

    """

    name: str
    scale: str | None
    state: State
    value: float
    watch_limit: float | None
    alert_limit: float | None
    turns: tuple[int, ...]
    reason: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Give plain data."""
        return {
            "signal": self.name,
            "scale": self.scale,
            "state": self.state,
            "value": self.value,
            "watch_limit": self.watch_limit,
            "alert_limit": self.alert_limit,
            "turns": list(self.turns),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True)
class Change:
    """A signal that went to another state with this turn."""

    signal: str
    scale: str | None
    before: State
    now: State


@dataclass(frozen=True, slots=True)
class Update:
    """What a turn gives.

    Attributes:
        turn_index: of the turn.
        role: `patient` or `therapist`.
        n_tokens: tokens before truncation; None for a blank turn.
        truncated: whether the end of the text was not read.
        scores: by scale, as `Scorer.score` gives them; None for a blank turn.
        echo: of a therapist's turn right after a patient's, see `docs/live.md`; None otherwise.
        running: by scale, the numbers of `alliancekit.sessions` over the turns so far.
        shares: the patient's share of turns and tokens so far, and that of truncated turns.
        signals: every signal as it stands.
        changed: the signals whose state changed with this turn.

    """

    turn_index: int
    role: str
    n_tokens: int | None
    truncated: bool | None
    scores: Mapping[str, float | None]
    echo: float | None
    running: Mapping[str, Mapping[str, Number]]
    shares: Mapping[str, float | None]
    signals: tuple[Signal, ...]
    changed: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give plain data for JSON, in which no text is; the notice stands with every alert."""
        alert = any(signal.state == "alert" for signal in self.signals)
        return {
            schema.TURN_INDEX: self.turn_index,
            schema.ROLE: self.role,
            schema.N_TOKENS: self.n_tokens,
            schema.TRUNCATED: self.truncated,
            **self.scores,
            "echo": self.echo,
            "running": {scale: dict(numbers) for scale, numbers in self.running.items()},
            **self.shares,
            "signals": [signal.to_dict() for signal in self.signals],
            "changed": [
                {"signal": change.signal, "scale": change.scale, "before": change.before, "now": change.now}
                for change in self.changed
            ],
            **({"notice": NOTICE} if alert else {}),
        }
