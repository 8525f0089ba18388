"""The sessions of a server: turns in their order, and those who look on."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from alliancekit.errors import FileAccessError, ParameterError
from alliancekit.live.serve.committer import Committer
from alliancekit.live.serve.problems import Problem, tell_where

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from alliancekit.live.serve.batcher import Batcher
    from alliancekit.live.serve.metrics import Metrics
    from alliancekit.live.serve.settings import Settings
    from alliancekit.live.store import SessionStore

    Events = asyncio.Queue[bytes | None]


class Hub:
    """Takes in turns and tells of them."""

    def __init__(self, store: SessionStore, batcher: Batcher, settings: Settings, metrics: Metrics) -> None:
        self._store = store
        self._batcher = batcher
        self._settings = settings
        self._metrics = metrics
        self._committer = Committer(store)
        self._locks: dict[str, tuple[asyncio.Lock, list[int]]] = {}
        self._readers: dict[str, set[Events]] = {}
        self._streams = 0
        self.closing = False

    async def push(self, session_id: str, role: str, text: str | None, turn_index: int | None) -> bytes:
        """Take in a turn, and give its update in JSON.

        Raises:
            Problem: it is out of order (409), or could not be scored (429, 504) or kept (503).

        """
        async with self._turn_of(session_id):
            state = self._store.find_or_fresh(session_id)
            try:
                index = state.check_index(turn_index)
            except ParameterError:
                raise Problem(409) from None
            (scored,) = await self._batcher.score([(role, text)])
            update = state.include(scored, index)
            self._store.put(session_id, state)
            content = to_json({"session_id": session_id, **update.to_dict()})
            if self._store.durable:
                await self._commit(session_id)
            self._metrics.count_turn(update)
            self._publish(session_id, content)
        self._put_idle_aside()
        return content

    async def _commit(self, session_id: str) -> None:
        try:
            await self._committer.commit()
        except FileAccessError as error:
            # The turn was not taken: whoever sends it again must not find it there.
            self._store.discard(session_id)
            tell_where(error)
            raise Problem(503) from None

    def _put_idle_aside(self) -> None:
        try:
            self._store.put_idle_aside(tuple(self._locks))
        except FileAccessError as error:
            tell_where(error)  # they stay in memory, and whoever asks has an answer
        self._metrics.sessions.set(self._store.in_memory)

    def standing(self, session_id: str) -> dict[str, Any]:
        """Give how a session stands.

        Raises:
            Problem: there is no such session (404).

        """
        state = self._store.find(session_id)
        if state is None:
            raise Problem(404)
        self._put_idle_aside()
        return {"session_id": session_id, **state.standing()}

    @asynccontextmanager
    async def _turn_of(self, session_id: str) -> AsyncIterator[None]:
        """One turn of a session at a time, in the order in which they came."""
        lock, waiting = self._locks.setdefault(session_id, (asyncio.Lock(), [0]))
        if waiting[0] >= self._settings.waiting_turns:
            raise Problem(429, headers={"Retry-After": "1"})
        waiting[0] += 1
        try:
            async with lock:
                yield
        finally:
            waiting[0] -= 1
            if not waiting[0]:
                del self._locks[session_id]

    @contextmanager
    def reading(self, session_id: str) -> Iterator[Events]:
        """Give the updates of a session as they come; None at the end.

        Raises:
            Problem: too many read (429).

        """
        if self._streams >= self._settings.streams:
            raise Problem(429, headers={"Retry-After": "10"})
        events: Events = asyncio.Queue(self._settings.stream_events)
        self._readers.setdefault(session_id, set()).add(events)
        self._count_streams(1)
        try:
            yield events
        finally:
            self._forget(session_id, events)
            self._count_streams(-1)

    def _count_streams(self, more: int) -> None:
        self._streams += more
        self._metrics.streams.set(self._streams)

    def _forget(self, session_id: str, events: Events) -> None:
        readers = self._readers.get(session_id, set())
        readers.discard(events)
        if not readers:
            self._readers.pop(session_id, None)

    def _publish(self, session_id: str, content: bytes) -> None:
        for events in tuple(self._readers.get(session_id, ())):
            if events.full():
                self._end(events)
                self._forget(session_id, events)
            else:
                events.put_nowait(content)

    @staticmethod
    def _end(events: Events) -> None:
        """Close a stream whose reader is too slow, or whose server stops."""
        if events.full():
            events.get_nowait()
        events.put_nowait(None)

    def close(self) -> None:
        """Refuse new turns and end all streams."""
        self.closing = True
        for readers in self._readers.values():
            for events in readers:
                self._end(events)
