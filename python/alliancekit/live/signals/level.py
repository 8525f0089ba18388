r"""How surprising a turn is, given the speaker's own level so far and what is usual in the reference corpus.

A role's standardised score is taken as z_i = a + e_i: the session's level a ~ N(0, t²), and an AR(1) error e of
variance s² and lag-1 correlation f. Then z_i - f·z_{i-1} = (1 - f)·a + ε_i with Var(ε) = s²(1 - f²), so that what is
known of a is updated turn by turn in closed form (the scalar Kalman filter: Kalman 1960, J. Basic Eng. 82, p. 35), and
the standardised errors of the one-step predictions are independent N(0, 1) while nothing changes. A chart of these is
the usual one for autocorrelated data (Alwan and Roberts 1988, J. Bus. Econ. Stat. 6, p. 87). At first the prediction
leans on the reference, later on the session's own turns.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

LIMIT: Final = 3.0
"""No single turn surprises by more standard deviations than that: one strange turn alone raises no alarm."""


@dataclass(frozen=True, slots=True)
class Usual:
    """How a role's standardised scores vary in the reference corpus.

    Attributes:
        level: t², variance of sessions' levels.
        turn: s², variance of turns within a session.
        correlation: f, correlation of a role's successive turns within a session, 0 to below 1.

    """

    level: float
    turn: float
    correlation: float

    @property
    def step(self) -> float:
        """What a fall of one SD adds to the surprise of each turn after the first, in SD."""
        spread = math.sqrt(self.turn * (1 - self.correlation**2))
        return math.sqrt(self.level + self.turn) * (1 - self.correlation) / spread


class Level:
    """What is known of a session's level on one side, and the surprise of each turn.

    >>> level = Level(Usual(level=0.1, turn=0.9, correlation=0.2))
    >>> [round(level.surprise(score), 2) for score in (0.0, 0.1, -2.0)]
    [0.0, 0.1, -2.11]
    """

    __slots__ = ("before", "mean", "usual", "variance")

    def __init__(self, usual: Usual) -> None:
        self.usual = usual
        self.mean = 0.0
        self.variance = usual.level
        self.before: float | None = None

    def surprise(self, score: float) -> float:
        """Give the standardised error of the prediction of a turn's standardised score, and learn from the turn."""
        usual = self.usual
        if self.before is None:
            weight, predicted, noise = 1.0, self.mean, usual.turn
        else:
            weight = 1 - usual.correlation
            predicted = usual.correlation * self.before + weight * self.mean
            noise = usual.turn * (1 - usual.correlation**2)
        variance = noise + weight * weight * self.variance
        spread = math.sqrt(variance)
        error = max(-LIMIT, min(LIMIT, (score - predicted) / spread))
        gain = weight * self.variance / variance
        self.mean += gain * error * spread
        self.variance *= 1 - weight * gain
        # A turn beyond the limit must not make the next one look like a rebound.
        self.before = predicted + error * spread
        return error

    def dump(self) -> list[float | None]:
        """Give what is known as plain numbers."""
        return [self.mean, self.variance, self.before]

    def load(self, values: Sequence[float | None]) -> None:
        """Take up what `dump` gave."""
        mean, variance, self.before = values
        self.mean, self.variance = mean or 0.0, variance or 0.0
