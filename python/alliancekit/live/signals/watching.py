"""The signals of a session: every turn goes in, each signal stands where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from alliancekit import schema
from alliancekit.live.reference import ECHO_SIGNAL, FALLING, PARTING, limit_name
from alliancekit.live.signals.cusum import Cusum
from alliancekit.live.signals.level import LIMIT, Level
from alliancekit.live.signals.states import MIN_TURNS, NOT_ENOUGH
from alliancekit.live.update import Change, Signal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alliancekit.live.reference import Reference, Side
    from alliancekit.live.signals.states import State

ECHO_STEP: Final = 1.0
"""The echo that is looked for lies one SD above what is usual."""
HEADROOM: Final = 1.5
"""A sum stops growing at this many alert limits, so that a recovery shows soon."""


class FallingSide:
    """The evidence that one side has fallen from its own level."""

    __slots__ = ("cusum", "level", "standard")

    def __init__(self, side: Side, limit: float) -> None:
        self.standard = side.standard
        self.level = Level(side.usual)
        self.cusum = Cusum(side.usual.step / 2, limit)

    def include(self, turn_index: int, score: float, n_tokens: int | None) -> None:
        """Take in a scored turn; the first ones only say what the level is."""
        surprise = self.level.surprise(self.standard.of(score, n_tokens))
        if self.cusum.count < MIN_TURNS:
            self.cusum.count += 1
            return
        self.cusum.include(turn_index, -surprise)


class Watching:
    """All signals of a session."""

    __slots__ = ("echo", "reference", "sides", "states")

    def __init__(self, reference: Reference) -> None:
        self.reference = reference
        self.sides = {
            scale: {role: FallingSide(side, self._most(FALLING, scale)) for role, side in roles.items()}
            for scale, roles in reference.sides.items()
        }
        self.echo = Cusum(ECHO_STEP / 2, self._most(ECHO_SIGNAL, None))
        self.states: dict[str, State] = {}

    def _most(self, signal: str, scale: str | None) -> float:
        limits = self.reference.limits.get(limit_name(signal, scale))
        return float("inf") if limits is None else HEADROOM * limits.alert

    def include(self, turn_index: int, role: str, n_tokens: int | None, scores: Mapping[str, float | None]) -> None:
        """Take in a turn's scores."""
        for scale, roles in self.sides.items():
            score = scores[scale]
            if score is not None:
                roles[role].include(turn_index, score, n_tokens)

    def include_echo(self, turn_index: int, echo: float, n_tokens: int | None) -> None:
        """Take in the echo of an answer to a patient's turn of that many tokens."""
        if self.reference.echo is not None:
            surprise = self.reference.echo.of(echo, n_tokens)
            self.echo.include(turn_index, max(-LIMIT, min(LIMIT, surprise)))

    def statistics(self) -> Iterator[tuple[str, str | None, float, list[int], str | None]]:
        """Give each signal's name, scale, statistic, turns, and what it lacks."""
        for scale, roles in self.sides.items():
            patient, therapist = (roles[role].cusum for role in schema.ROLES)
            lacks = _lacks(patient.count, "patient")
            yield FALLING, scale, patient.value, patient.turns, lacks
            lacks = lacks or _lacks(therapist.count, "therapist")
            yield PARTING, scale, max(0.0, patient.value - therapist.value), patient.turns, lacks
        lacks = "the reference holds no echo" if self.reference.echo is None else _lacks(self.echo.count, "answered")
        yield ECHO_SIGNAL, None, self.echo.value, self.echo.turns, lacks

    def judge(self) -> tuple[tuple[Signal, ...], tuple[Change, ...]]:
        """Give every signal as it stands, and those whose state has changed since the last time."""
        signals, changes = [], []
        for name, scale, value, turns, lacks in self.statistics():
            key = limit_name(name, scale)
            limits = self.reference.limits.get(key)
            before = self.states.get(key, NOT_ENOUGH)
            now: State = NOT_ENOUGH if lacks or limits is None else limits.next_state(before, value)
            self.states[key] = now
            watch, alert = (None, None) if limits is None else (limits.watch, limits.alert)
            signals.append(Signal(name, scale, now, value, watch, alert, tuple(turns), lacks))
            if now != before:
                changes.append(Change(name, scale, before, now))
        return tuple(signals), tuple(changes)

    def dump(self) -> dict[str, Any]:
        """Give everything as plain data."""
        sides = {
            scale: {role: [side.level.dump(), side.cusum.dump()] for role, side in roles.items()}
            for scale, roles in self.sides.items()
        }
        return {"sides": sides, "echo": self.echo.dump(), "states": dict(self.states)}

    def load(self, data: Mapping[str, Any]) -> None:
        """Take up what `dump` gave."""
        for scale, roles in self.sides.items():
            for role, side in roles.items():
                level, cusum = data["sides"][scale][role]
                side.level.load(level)
                side.cusum.load(cusum)
        self.echo.load(data["echo"])
        self.states = dict(data["states"])


def without_reference(scale: str) -> tuple[Signal, ...]:
    """Give the signals of a session that is compared with nothing."""
    names = ((FALLING, scale), (PARTING, scale), (ECHO_SIGNAL, None))
    reason = "no reference; make one with `alliance reference build`"
    return tuple(Signal(name, of, NOT_ENOUGH, 0.0, None, None, (), reason) for name, of in names)


def _lacks(count: int, what: str) -> str | None:
    return f"{count} scored {what} turns; {MIN_TURNS} are needed" if count < MIN_TURNS else None
