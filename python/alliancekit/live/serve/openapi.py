"""The description of the API, from the models."""

from __future__ import annotations

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from alliancekit._native import __version__
from alliancekit.live.notice import NOTICE
from alliancekit.live.serve import models
from alliancekit.live.serve.problems import CODES

_ANY: Final = (400, 401, 405, 421, 500)
_BODY: Final = (408, 413, 415, 422)
_OPEN: Final = (405, 421, 500)
_REFERENCE: Final = "#/components/schemas/{model}"
_MODELS: Final = (
    models.Turn,
    models.TurnsToScore,
    models.Scored,
    models.Update,
    models.Standing,
    models.Error,
    models.Health,
)


def description() -> dict[str, Any]:
    """Give the OpenAPI document."""
    _, schemas = models_json_schema([(model, "serialization") for model in _MODELS], ref_template=_REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "alliancekit",
            "version": __version__,
            "license": {"name": "Apache-2.0"},
            "description": f"Working alliance turn by turn. {NOTICE}",
        },
        "paths": _paths(),
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}, {}],
    }


def _paths() -> dict[str, Any]:
    turn = _body("Turn")
    return {
        "/score": {
            "post": _operation(
                "Score turns of no session", "Scored", (*_ANY, *_BODY, 429, 503, 504), **_body("TurnsToScore")
            )
        },
        "/sessions/{session_id}/turns": {
            "parameters": _PARAMETERS,
            "post": _operation("Take in the next turn", "Update", (*_ANY, *_BODY, 409, 429, 503, 504), **turn),
        },
        "/sessions/{session_id}": {
            "parameters": _PARAMETERS,
            "get": _operation("How a session stands", "Standing", (*_ANY, 404, 422)),
        },
        "/sessions/{session_id}/events": {
            "parameters": _PARAMETERS,
            "get": _operation("Updates as they come", None, (*_ANY, 422, 429, 503), media="text/event-stream"),
        },
        "/health": {"get": _operation("Whether the server is there", "Health", _OPEN)},
        "/ready": {"get": _operation("Whether it takes turns", "Health", (*_OPEN, 503))},
        "/metrics": {"get": _operation("Counts, for Prometheus", None, _ANY, media="text/plain")},
    }


_PARAMETERS: Final = [
    {
        "name": "session_id",
        "in": "path",
        "required": True,
        "description": "Any name that needs no escape in a URL.",
        "schema": {"type": "string", "pattern": models.SESSION_ID},
    }
]


def _operation(
    summary: str,
    model: str | None,
    problems: tuple[int, ...],
    *,
    media: str = "application/json",
    **more: Any,  # noqa: ANN401 - parts of the document
) -> dict[str, Any]:
    schema = {"type": "string"} if model is None else {"$ref": _REFERENCE.format(model=model)}
    responses = {"200": {"description": "As asked for.", "content": {media: {"schema": schema}}}}
    error = {"application/json": {"schema": {"$ref": _REFERENCE.format(model="Error")}}}
    for status in sorted(problems):
        responses[str(status)] = {"description": CODES[status][1], "content": error}
    return {"summary": summary, "responses": responses, **more}


def _body(model: str) -> dict[str, Any]:
    schema = {"$ref": _REFERENCE.format(model=model)}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
