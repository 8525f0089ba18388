"""What every request goes through first: host, token, size and pace of its body; and errors become answers."""

from __future__ import annotations

import asyncio
import hmac
import time
from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException

from alliancekit.live.serve.problems import Problem, respond, tell_where

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from alliancekit.live.serve.metrics import Metrics
    from alliancekit.live.serve.settings import Settings

OPEN: Final = frozenset({"/", "/page.js", "/page.css", "/health", "/ready", "/openapi.json"})
"""Paths that need no token: nothing of any session is there."""
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]", "::1"})


class Guard:
    """Wraps the application.

    Args:
        app: what answers.
        settings: limits.
        metrics: counts requests.
        token: that requests have to show; None for none.
        hosts: names by which this server may be called; None for any. On loopback it keeps web pages of others from
            reaching it under a name of their own (DNS rebinding).

    """

    def __init__(
        self, app: ASGIApp, settings: Settings, metrics: Metrics, *, token: str | None, hosts: frozenset[str] | None
    ) -> None:
        self._app = app
        self._settings = settings
        self._metrics = metrics
        self._token = None if token is None else token.encode()
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start, status = time.perf_counter(), 0

        async def counted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            self._check(Headers(scope=scope), scope["path"])
            await self._app(scope, await self._whole_body(scope, receive), counted)
        except HTTPException as problem:
            await respond(problem)(scope, receive, counted)
        except Exception as error:  # noqa: BLE001 - whatever goes wrong, the client is told and no text is shown
            tell_where(error)
            if not status:
                await respond(Problem(500))(scope, receive, counted)
        finally:
            self._metrics.count_request(scope, status, time.perf_counter() - start)

    def _check(self, headers: Headers, path: str) -> None:
        host = headers.get("host", "").lower()
        name = host if host.endswith("]") else host.rsplit(":", 1)[0]
        if self._hosts is not None and name not in self._hosts:
            raise Problem(421)
        if self._token is None or path in OPEN:
            return
        kind, _, shown = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not hmac.compare_digest(shown.strip().encode(), self._token):
            raise Problem(401, headers={"WWW-Authenticate": "Bearer"})

    async def _whole_body(self, scope: Scope, receive: Receive) -> Receive:
        """Read the body, and give a `receive` that has it in one piece."""
        if scope["method"] not in ("POST", "PUT", "PATCH", "DELETE"):
            return receive
        try:
            async with asyncio.timeout(self._settings.body_seconds):
                body = await self._read(Headers(scope=scope), receive)
        except TimeoutError:
            raise Problem(408, headers={"Connection": "close"}) from None
        given = False

        async def receive_again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        return receive_again

    async def _read(self, headers: Headers, receive: Receive) -> bytes:
        most = self._settings.body_bytes
        said = headers.get("content-length", "0")
        if not said.isdecimal() or int(said) > most:
            raise Problem(413, headers={"Connection": "close"})
        parts, size, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Problem(400)
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            if size > most:
                raise Problem(413, headers={"Connection": "close"})
            more = message.get("more_body", False)
        return b"".join(parts)
