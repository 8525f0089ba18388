"""The run: every peer opened once, then rounds in which each encodes the same texts, one at a time; the best counts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol

from benches.peers.place import Unable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benches.peers.catalogue import Peer

OPEN_LIMIT_S: Final = 120.0
WARM_UP_LIMIT_S: Final = 60.0
SLOW_START_S: Final = 5.0
"""A first call that took less is made again, since it may have been the making ready that took long."""

WARM_UP: Final = 32
"""Texts of the first call, which is not counted but tells how long a round will take."""

SLOWEST_ROUND_S: Final = 20.0
"""A peer that would take longer for the sample encodes its beginning only; the table says of how many turns."""

FEWEST: Final = 200


class Asked(Protocol):
    """What a `Process` is to the rounds."""

    def ask(self, verb: str, limit_s: float, **message: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
        """Give the answer to a message; `Unable` where there is none."""
        ...

    def end(self) -> None:
        """End the process."""
        ...


@dataclass(slots=True)
class Standing:
    """A peer in the run.

    Attributes:
        peer: which.
        process: its process; None once it has failed.
        count: turns that it encodes a round.
        seconds: of each round.
        peak_mib: most memory its process held.
        versions: of what it is made of.
        reason: why it cannot run, or could not go on.

    """

    peer: Peer
    process: Asked | None = None
    count: int = 0
    seconds: list[float] = field(default_factory=list)
    peak_mib: float = float("nan")
    versions: list[str] = field(default_factory=list)
    reason: str = ""

    @property
    def turns_per_s(self) -> float:
        """Of the best round; NaN without one."""
        return self.count / min(self.seconds) if self.seconds else float("nan")

    def attempt(self, step: Callable[[Asked], None]) -> None:
        """Do a step with the process; a failure is noted and ends it."""
        if self.process is None:
            return
        try:
            step(self.process)
        except Unable as error:
            self.reason = str(error)
            self.process.end()
            self.process = None


def opened(peer: Peer, start: Callable[[Peer], Asked], place: dict[str, Any], texts: Sequence[str]) -> Standing:
    """Start and open a peer, give it the texts, let it warm up."""
    standing = Standing(peer)
    try:
        standing.process = start(peer)
    except Unable as error:
        standing.reason = str(error)

    def ready(process: Asked) -> None:
        standing.versions = process.ask("open", OPEN_LIMIT_S, place={**place, "options": peer.options})["versions"]
        process.ask("texts", OPEN_LIMIT_S, texts=list(texts))
        few = min(WARM_UP, len(texts))
        seconds = process.ask("run", WARM_UP_LIMIT_S, count=few)["seconds"]
        if seconds < SLOW_START_S:
            seconds = process.ask("run", WARM_UP_LIMIT_S, count=few)["seconds"]
        standing.count = turns_within(SLOWEST_ROUND_S, seconds / few, len(texts))

    standing.attempt(ready)
    return standing


def turns_within(limit_s: float, seconds_per_turn: float, turns: int) -> int:
    """Give the turns of a round: all of them where they fit into `limit_s`, else what does, to the hundred.

    >>> turns_within(20.0, 0.001, 2500), turns_within(20.0, 0.02, 2500), turns_within(20.0, 9.0, 2500)
    (2500, 1000, 200)

    """
    fitting = limit_s / seconds_per_turn
    return turns if fitting >= turns else min(turns, max(FEWEST, int(fitting) // 100 * 100))


def run_rounds(
    standings: Sequence[Standing], most: int, budget_s: float, *, clock: Callable[[], float] = time.monotonic
) -> None:
    """Let each peer encode once a round; further rounds of a peer begin only while they fit into `budget_s`."""
    until = clock() + budget_s
    for number in range(most):
        # Another peer begins each round, so that none always follows the same one.
        shift = number % max(1, len(standings))
        for standing in [*standings[shift:], *standings[:shift]]:
            if not standing.seconds or clock() + min(standing.seconds) <= until:
                standing.attempt(partial(encode, standing))


def encode(standing: Standing, process: Asked) -> None:
    """One round of one peer."""
    answer = process.ask("run", 6 * SLOWEST_ROUND_S, count=standing.count)
    if answer["rows"] != standing.count:
        raise Unable(f"gave {answer['rows']} vectors for {standing.count} texts")
    standing.seconds.append(answer["seconds"])
    standing.peak_mib = answer["peak_mib"]
