"""What a server takes and refuses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits of a server, in seconds, bytes and turns.

    Attributes:
        body_bytes: of a request at most, or 413.
        body_seconds: that a body may take to arrive, or 408.
        answer_seconds: that a turn may wait for its scores, or 504.
        waiting_turns: turns that may wait for the encoder, or 429.
        batch_turns: turns scored together at most.
        batches: that are scored at a time.
        streams: event streams open at most, or 429.
        stream_events: events that a slow reader may be behind before its stream is closed.
        heartbeat_seconds: between signs of life in a stream.

    """

    body_bytes: int = 1 << 20
    body_seconds: float = 10.0
    answer_seconds: float = 30.0
    waiting_turns: int = 1024
    batch_turns: int = 128
    batches: int = 2
    streams: int = 256
    stream_events: int = 256
    heartbeat_seconds: float = 15.0
