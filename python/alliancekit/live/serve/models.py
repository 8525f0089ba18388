"""What requests and answers hold, for checking the former and describing both in OpenAPI."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

SESSION_ID: Final = r"^[A-Za-z0-9._~-]{1,128}$"
LONGEST_TEXT: Final = 1 << 16
MOST_TURNS: Final = 256

Text = Annotated[
    str | None, Field(max_length=LONGEST_TEXT, description="What was said; null or blank keeps its place, unscored.")
]
Role = Annotated[
    str,
    Field(
        min_length=1,
        max_length=64,
        description="patient or therapist, or a name known for one of them: user, client, assistant, …",
    ),
]


class _Request(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Turn(_Request):
    """The next turn of a session."""

    role: Role
    text: Text
    turn_index: Annotated[
        int | None,
        Field(
            ge=0,
            lt=1 << 53,
            description="Larger than those before; by default the next one. With it a turn that is sent again is "
            "recognised (409).",
        ),
    ] = None


class TurnToScore(_Request):
    """A turn of no session."""

    role: Role
    text: Text


class TurnsToScore(_Request):
    """Turns to score on their own."""

    turns: Annotated[list[TurnToScore], Field(min_length=1, max_length=MOST_TURNS)]


class _Answer(BaseModel):
    model_config = ConfigDict(extra="allow")


class Scores(_Answer):
    """Scores of a turn, a number (or null) under the name of each scale."""

    n_tokens: int | None
    truncated: bool | None


class Scored(_Answer):
    """The scores in the order of the turns."""

    scores: list[Scores]


class Signal(_Answer):
    """A signal as it stands; the evidence are indices of turns."""

    signal: str
    scale: str | None
    state: Literal["not enough data", "steady", "watch", "alert"]
    value: float
    watch_limit: float | None
    alert_limit: float | None
    turns: list[int]
    reason: str | None


class Change(_Answer):
    """A signal that went to another state with this turn."""

    signal: str
    scale: str | None
    before: str
    now: str


class Update(_Answer):
    """A turn's scores, the session's running numbers, its signals, and what changed."""

    session_id: str
    turn_index: int
    role: Literal["patient", "therapist"]
    n_tokens: int | None
    truncated: bool | None
    echo: float | None
    running: dict[str, dict[str, Any]]
    talk_share: float | None
    token_share: float | None
    truncated_share: float | None
    signals: list[Signal]
    changed: list[Change]


class Standing(_Answer):
    """How a session stands."""

    session_id: str
    turns: int
    turn_index: int | None
    running: dict[str, dict[str, Any]]
    signals: list[Signal]
    notice: str


class ErrorContent(_Answer):
    """What is wrong."""

    code: str
    message: str
    details: list[str]


class Error(_Answer):
    """An answer that is not what was asked for; it quotes nothing that was sent."""

    error: ErrorContent


class Health(_Answer):
    """Whether the server is there."""

    status: str
