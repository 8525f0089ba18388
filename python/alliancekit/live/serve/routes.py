"""The endpoints."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import to_json
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from alliancekit import schema
from alliancekit.errors import RoleError
from alliancekit.live.scored_turn import canonical_role
from alliancekit.live.serve import models, openapi
from alliancekit.live.serve.problems import Problem

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable

    from starlette.requests import Request

    from alliancekit.live.scored_turn import ScoredTurn
    from alliancekit.live.serve.batcher import Batcher
    from alliancekit.live.serve.hub import Hub
    from alliancekit.live.serve.metrics import Metrics
    from alliancekit.live.serve.settings import Settings

    Endpoint = Callable[[Request], Awaitable[Response]]

Model = TypeVar("Model", bound=BaseModel)

_ID: Final = re.compile(models.SESSION_ID.replace("$", r"\Z"))
_PAGE: Final = Path(__file__).parent / "page"
_FILES: Final = {
    "/": ("page.html", "text/html"),
    "/page.js": ("page.js", "text/javascript"),
    "/page.css": ("page.css", "text/css"),
}
_HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)


class Routes:
    """What answers each path."""

    def __init__(
        self, hub: Hub, batcher: Batcher, metrics: Metrics, settings: Settings, *, scales: tuple[str, ...]
    ) -> None:
        self._hub = hub
        self._batcher = batcher
        self._metrics = metrics
        self._settings = settings
        self._scales = scales
        self._description = json.dumps(openapi.description()).encode()

    def all(self) -> list[Route]:
        """Give the routes."""
        return [
            _route("/score", self.score, "POST"),
            _route("/sessions/{session_id}/turns", self.push, "POST"),
            _route("/sessions/{session_id}", self.standing),
            _route("/sessions/{session_id}/events", self.events),
            _route("/health", self.health),
            _route("/ready", self.ready),
            _route("/metrics", self.numbers),
            _route("/openapi.json", self.description),
            *(_route(path, self.page) for path in _FILES),
        ]

    async def push(self, request: Request) -> Response:
        """Take in a turn."""
        self._refuse_if_closing()
        name = _session_id(request)
        turn = _checked(models.Turn, request, await request.body())
        return _json(await self._hub.push(name, _role(turn.role), turn.text, turn.turn_index))

    async def score(self, request: Request) -> Response:
        """Score turns of no session."""
        self._refuse_if_closing()
        found = _checked(models.TurnsToScore, request, await request.body())
        scored = await self._batcher.score([(_role(turn.role), turn.text) for turn in found.turns])
        return _json(to_json({"scores": [self._scores(turn) for turn in scored]}))

    def _scores(self, turn: ScoredTurn) -> dict[str, object]:
        scores = dict(zip(self._scales, turn.scores, strict=True))
        return {schema.N_TOKENS: turn.n_tokens, schema.TRUNCATED: turn.truncated, **scores}

    async def standing(self, request: Request) -> Response:
        """Say how a session stands."""
        return _json(to_json(self._hub.standing(_session_id(request))))

    async def events(self, request: Request) -> Response:
        """Send updates as they come."""
        self._refuse_if_closing()
        name = _session_id(request)
        stream = self._stream(name)
        # The first event is made before the answer begins, so that a refusal is still an answer of its own.
        first = await anext(stream)
        return StreamingResponse(_after(first, stream), media_type="text/event-stream", headers=_HEADERS)

    async def _stream(self, name: str) -> AsyncIterator[bytes]:
        with self._hub.reading(name) as events:
            yield b": updates follow\n\n"
            while True:
                try:
                    async with asyncio.timeout(self._settings.heartbeat_seconds):
                        content = await events.get()
                except TimeoutError:
                    yield b": still here\n\n"
                    continue
                if content is None:
                    return
                yield b"event: turn\ndata: " + content + b"\n\n"

    async def health(self, _request: Request) -> Response:
        """Say that the server is there."""
        return _json(b'{"status":"alive"}')

    async def ready(self, _request: Request) -> Response:
        """Say whether it takes turns."""
        self._refuse_if_closing()
        return _json(b'{"status":"ready"}')

    async def numbers(self, _request: Request) -> Response:
        """Give the counts."""
        return Response(self._metrics.text(), media_type="text/plain; version=0.0.4", headers=_HEADERS)

    async def description(self, _request: Request) -> Response:
        """Describe the API."""
        return _json(self._description)

    async def page(self, request: Request) -> Response:
        """Give a file of the page."""
        name, media = _FILES[request.url.path]
        headers = {**_HEADERS, "Content-Security-Policy": _POLICY}
        return Response((_PAGE / name).read_bytes(), media_type=media, headers=headers)

    def _refuse_if_closing(self) -> None:
        if self._hub.closing:
            raise Problem(503, headers={"Retry-After": "5", "Connection": "close"})


def _route(path: str, endpoint: Endpoint, method: str = "GET") -> Route:
    async def answer(request: Request) -> Response:
        request.scope["alliance_route"] = path
        return await endpoint(request)

    return Route(path, answer, methods=[method])


async def _after(first: bytes, stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for event in stream:
        yield event


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json", headers=_HEADERS)


def _session_id(request: Request) -> str:
    name = str(request.path_params["session_id"])
    if not _ID.match(name):
        raise Problem(422, details=["session_id: 1 to 128 letters, digits and . _ ~ -"])
    return name


def _checked(model: type[Model], request: Request, body: bytes) -> Model:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Problem(415)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        raise Problem(422, details=_details(error)) from None


def _details(error: ValidationError) -> list[str]:
    """Say what is wrong where; the place of an unknown key is not named, since it may be what somebody said."""
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [_detail(part["loc"], part["type"]) for part in found[:10]]


def _detail(place: tuple[int | str, ...], kind: str) -> str:
    unknown = kind == "extra_forbidden"
    where = ".".join(map(str, place[:-1] if unknown else place)) or "body"
    return f"{where}: {'has a key that is not in /openapi.json' if unknown else kind.replace('_', ' ')}"


def _role(name: str) -> str:
    try:
        return canonical_role(name)
    except RoleError:
        raise Problem(422, details=["role: not known; it is patient or therapist, or a name for one"]) from None
