"""The parts of a server put together."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from alliancekit.live.serve.batcher import Batcher
from alliancekit.live.serve.guard import Guard
from alliancekit.live.serve.hub import Hub
from alliancekit.live.serve.metrics import Metrics
from alliancekit.live.serve.problems import respond
from alliancekit.live.serve.routes import Routes
from alliancekit.live.serve.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.responses import Response

    from alliancekit.live.store import SessionStore
    from alliancekit.scorer import Scorer


class Application:
    """An ASGI application.

    Args:
        scorer: scores the turns.
        store: keeps the sessions.
        settings: limits.
        token: that requests have to show; None for none.
        hosts: names by which the server may be called; None for any.

    """

    def __init__(
        self,
        scorer: Scorer,
        store: SessionStore,
        *,
        settings: Settings | None = None,
        token: str | None = None,
        hosts: frozenset[str] | None = None,
    ) -> None:
        settings = settings or Settings()
        metrics = Metrics()
        self._store = store
        self._batcher = Batcher(scorer, settings, metrics)
        self.hub = Hub(store, self._batcher, settings, metrics)
        routes = Routes(self.hub, self._batcher, metrics, settings, scales=scorer.scales)
        app = Starlette(
            routes=routes.all(),
            lifespan=self._lifespan,
            exception_handlers={HTTPException: _handled},  # type: ignore[dict-item]  # the handler of its own type
        )
        app.router.redirect_slashes = False
        self.asgi = Guard(app, settings, metrics, token=token, hosts=hosts)

    @asynccontextmanager
    async def _lifespan(self, _app: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            self.hub.close()
            await self._batcher.close()
            if self._store.durable:
                self._store.write(self._store.take_changed())


async def _handled(_request: Request, problem: HTTPException) -> Response:
    return respond(problem)
