"""Sessions written to disk before their turns are acknowledged, many in one transaction."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from alliancekit.live.store import SessionStore


class Committer:
    """Writes what changed; whoever comes while a write is under way shares the next one."""

    def __init__(self, store: SessionStore) -> None:
        self._store = store
        self._current: asyncio.Task[None] | None = None
        self._next: asyncio.Task[None] | None = None

    async def commit(self) -> None:
        """Come back when everything that changed so far is on disk.

        Raises:
            FileAccessError: it could not be written.

        """
        if self._next is None:
            self._next = asyncio.get_running_loop().create_task(self._write_after(self._current))
        # One who does not wait any more must not take the write away from the others.
        await asyncio.shield(self._next)

    async def _write_after(self, current: asyncio.Task[None] | None) -> None:
        if current is not None:
            await asyncio.wait([current])
        self._current, self._next = self._next, None
        await asyncio.to_thread(self._store.write, self._store.take_changed())
