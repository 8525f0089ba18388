"""Limits from how far sessions without a change go.

A new session goes further than the r-th furthest of N with probability r/(N + 1), whatever its distribution, if it is
exchangeable with them (the conformal argument: Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a Random
World, prop. 2.3). Several statistics get the same r, the largest with which the asked-for share of sessions goes
further on any of them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from alliancekit.errors import DataError, ParameterError
from alliancekit.live.signals.states import Limits

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Largest = Mapping[str, NDArray[np.float64]]

WATCH_FACTOR: Final = 4.0
"""`watch` comes this many times as often as `alert`, at most in half of the sessions."""
_HUNDRED: Final = 100


def limits(largest: Largest, false_alarms: float) -> dict[str, Limits]:
    """Give the limits of each statistic from its largest value in each session.

    Raises:
        DataError: there are too few sessions for so low a rate.

    """
    sessions = len(next(iter(largest.values())))
    alert = _exceeded_in(largest, allowed(sessions, false_alarms))
    watch = _exceeded_in(largest, allowed(sessions, min(WATCH_FACTOR * false_alarms, _HUNDRED / 2)))
    return {name: Limits(min(watch[name], alert[name]), alert[name]) for name in largest}


def allowed(sessions: int, false_alarms: float) -> int:
    """Give r: how many of the sessions may reach a limit, so that a new one does at the rate asked for.

    >>> allowed(133, 5)
    6
    """
    if not 0 < false_alarms <= _HUNDRED / 2:
        raise ParameterError(
            f"false_alarms is a number of sessions per 100, above 0 and at most 50; got {false_alarms}"
        )
    found = math.floor(false_alarms / _HUNDRED * (sessions + 1) + 1e-9)
    if found < 1:
        needed = math.ceil(_HUNDRED / false_alarms) - 1
        raise DataError(
            f"{sessions} sessions are too few for {false_alarms:g} false alarms per 100 sessions, which needs "
            f"{needed}: add sessions, ask for more false alarms, or take the limits from a simulation (--simulate)"
        )
    return found


def _exceeded_in(largest: Largest, share: int) -> dict[str, float]:
    """Give the lowest limits of one rank that fewer than `share` sessions exceed on any statistic."""
    values = np.stack(list(largest.values()))
    descending = -np.sort(-values, axis=1)
    rank = share
    while rank > 1 and _sessions_beyond(values, descending[:, rank - 1]) >= share:
        rank -= 1
    return dict(zip(largest, descending[:, rank - 1].tolist(), strict=True))


def _sessions_beyond(values: NDArray[np.float64], found: NDArray[np.float64]) -> int:
    return int((values > found[:, None]).any(axis=0).sum())
