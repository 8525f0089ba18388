"""States with hysteresis: a signal goes up at one limit and comes down at a lower one, so that it does not flicker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

State = Literal["not enough data", "steady", "watch", "alert"]
NOT_ENOUGH: Final = "not enough data"
STEADY: Final = "steady"
WATCH: Final = "watch"
ALERT: Final = "alert"

MIN_TURNS: Final = 5
"""Scored turns of each side (answers, for echo) before a signal says anything."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a statistic has to exceed.

    Attributes:
        watch: for `watch`; below it an alert ends.
        alert: for `alert`.

    """

    watch: float
    alert: float

    def next_state(self, state: State, value: float) -> State:
        """Give the state after a turn that leaves the statistic at `value`; `watch` ends below half of its limit.

        At 0 there is no evidence, and nothing but `steady` is left, however low the limits are.

        >>> Limits(watch=2, alert=4).next_state("alert", 3)
        'alert'
        >>> Limits(watch=2, alert=4).next_state("alert", 1.5)
        'watch'
        """
        if value <= 0:
            return STEADY
        if value > self.alert or (state == ALERT and value >= self.watch):
            return ALERT
        if value > self.watch or (state in (ALERT, WATCH) and value >= self.watch / 2):
            return WATCH
        return STEADY
