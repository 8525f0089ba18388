"""What `/metrics` says, in the format of Prometheus: counts and times, no session and no text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alliancekit.live.update import Update

_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_TURNS = (1, 2, 4, 8, 16, 32, 64, 128)


class Metrics:
    """The numbers of one server."""

    def __init__(self) -> None:
        registry = self._registry = CollectorRegistry()
        self.turns = Counter("alliance_turns", "Turns taken in.", registry=registry)
        self.refused = Counter("alliance_refused", "Requests refused because too much waits.", registry=registry)
        self.alerts = Counter("alliance_alerts", "Alerts that began.", ["signal", "scale"], registry=registry)
        self.waiting = Gauge("alliance_waiting_turns", "Turns that wait for the encoder.", registry=registry)
        self.sessions = Gauge("alliance_sessions_in_memory", "Sessions in memory.", registry=registry)
        self.streams = Gauge("alliance_streams", "Event streams open.", registry=registry)
        self.batches = Histogram("alliance_batch_turns", "Turns scored together.", registry=registry, buckets=_TURNS)
        self._requests = Counter("alliance_requests", "Requests answered.", ["route", "status"], registry=registry)
        self._seconds = Histogram(
            "alliance_request_seconds", "Time to the end of an answer.", ["route"], registry=registry, buckets=_SECONDS
        )

    def count_request(self, scope: Mapping[str, Any], status: int, seconds: float) -> None:
        """Count a request under its route's pattern, which names no session."""
        route = scope.get("alliance_route", "other")
        self._requests.labels(route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)

    def count_turn(self, update: Update) -> None:
        """Count a turn and the alerts that began with it."""
        self.turns.inc()
        for change in update.changed:
            if change.now == "alert":
                self.alerts.labels(change.signal, change.scale or "").inc()

    def text(self) -> bytes:
        """Give all of it in the text format."""
        return bytes(generate_latest(self._registry))
