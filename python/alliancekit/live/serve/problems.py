"""What a client is told when something is wrong: a status, a code, a sentence, and nothing that it sent."""

from __future__ import annotations

import json
import sys
import traceback
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

CODES: Final = {
    400: ("bad_request", "The request cannot be understood."),
    401: ("unauthorized", "Send the header 'Authorization: Bearer TOKEN' with the token that the server was given."),
    404: ("not_found", "There is nothing here."),
    405: ("method_not_allowed", "The method is not one of those in the header Allow."),
    408: ("too_slow", "The body took too long to arrive."),
    409: ("out_of_order", "The turn_index does not follow the last one: the turn was taken before, or comes too late."),
    413: ("too_large", "The body is too large."),
    415: ("not_json", "The body is JSON, with the header 'Content-Type: application/json'."),
    421: ("wrong_host", "The header Host names another host than this."),
    422: ("invalid", "The body or the path is not as /openapi.json says."),
    429: ("busy", "Too much is waiting. Try again after the seconds in Retry-After."),
    500: ("internal", "An error of the server's own; it has said where, on its stderr."),
    503: ("unavailable", "The server is not ready, is about to stop, or cannot write its state."),
    504: ("timeout", "The turn waited too long for its scores, and was not taken. Send it again."),
}
"""Code and sentence of each status."""


class Problem(HTTPException):
    """An answer that is not what was asked for."""

    def __init__(
        self, status: int, *, details: list[str] | None = None, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(status, headers=headers)
        self.details = details or []


def respond(problem: HTTPException) -> Response:
    """Give the response to a problem."""
    code, sentence = CODES.get(problem.status_code, CODES[400])
    content = {"error": {"code": code, "message": sentence, "details": getattr(problem, "details", [])}}
    return Response(json.dumps(content), problem.status_code, problem.headers, "application/json")


def tell_where(error: BaseException) -> None:
    """Say on stderr where an internal error is; its message may quote a transcript, and is left out."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = f" at {last[0].filename}:{last[0].lineno}" if last else ""
    sys.stderr.write(f"internal error, {type(error).__name__}{where}\n")
