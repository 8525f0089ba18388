"""Limits from how far sessions without a change go.

A session goes beyond the r-th furthest of N others with probability r/(N + 1) at most, whatever the distribution, if it
is exchangeable with them (the conformal argument: Vovk, Gammerman and Shafer 2005, Algorithmic Learning in a Random
World, prop. 2.3). With several statistics each gets the limit of the same rank, the highest one that no more than r
sessions hold on any: so r/(N + 1) holds for all of them together, but for the choice of the rank, which a session more
would change by at most one of the r (the bound is (r + 1)/(N + 1), seldom met).
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
        DataError: there are too few sessions for so low a rate, or too few long enough to say anything.

    """
    sessions = len(next(iter(largest.values())))
    alert = _exceeded_in(largest, allowed(sessions, false_alarms))
    unmoved = [name for name, limit in alert.items() if limit <= 0]
    if unmoved:
        raise DataError(
            f"nearly all of the {sessions} sessions are too short for the signal {unmoved[0]!r}, so nothing can be "
            "said about how far it goes: add longer sessions"
        )
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


def _exceeded_in(largest: Largest, most: int) -> dict[str, float]:
    """Give the lowest limits of one rank that no more than `most` sessions reach on any statistic."""
    values = np.stack(list(largest.values()))
    order = np.argsort(-values, axis=1, kind="stable")
    rank = min(most, _fewest_that_crowd(values, order, most))
    if not rank:
        raise _too_few(values.shape[1], len(largest))
    return dict(zip(largest, np.take_along_axis(values, order, axis=1)[:, rank - 1].tolist(), strict=True))


def _fewest_that_crowd(values: NDArray[np.float64], order: NDArray[np.int64], most: int) -> int:
    """Give the highest rank that at most `most` sessions hold on any statistic.

    Sessions that go equally far hold different ranks, so that scores of few values, on which many sessions reach the
    very same number, do not seem to crowd: only going beyond a limit raises an alert. A session that never left 0
    holds no rank.
    """
    sessions = values.shape[1]
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.arange(sessions)[None, :], axis=1)
    best = np.sort(np.where(values > 0, ranks, sessions).min(axis=0))
    return int(best[most]) if most < sessions else sessions


def _too_few(sessions: int, signals: int) -> DataError:
    return DataError(
        f"{sessions} sessions are too few for so few false alarms on {signals} signals together; {signals} times as "
        "many are enough: add sessions, ask for more false alarms, or take the limits from a simulation (--simulate)"
    )
