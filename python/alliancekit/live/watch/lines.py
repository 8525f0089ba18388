"""One line of input: a turn, or what is wrong with it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from alliancekit import schema
from alliancekit.errors import ParameterError, RoleError
from alliancekit.labels import quoted
from alliancekit.live.scored_turn import canonical_role
from alliancekit.roles import exact

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_LINE: Final = 1 << 22
"""Bytes of a line at most; no turn that was spoken or typed is as long."""
LONGEST_ID: Final = 256


KEYS: Final = (schema.SESSION_ID, schema.ROLE, schema.TEXT, schema.TURN_INDEX)
"""What a line may say of a turn, by its canonical names."""


class BadLineError(ValueError):
    """A line that is no turn; the message says why and quotes no text."""


@dataclass(frozen=True, slots=True)
class InputTurn:
    """A turn as a line has it."""

    session_id: str
    role: str
    text: str | None
    turn_index: int | None


@dataclass(frozen=True, slots=True)
class Names:
    """What the keys and roles of the input are called, over what is known by default.

    Attributes:
        keys: canonical name → key, e.g. ``{"text": "content"}``.
        roles: name, in lower case → `patient` or `therapist`.
        session: of lines that name none; None where each has to.

    Raises:
        ParameterError: a key is given for what a turn does not have.

    """

    keys: Mapping[str, str]
    roles: Mapping[str, str]
    session: str | None = None

    def __post_init__(self) -> None:
        unknown = [name for name in self.keys if name not in KEYS]
        if unknown:
            raise ParameterError(f"{quoted(unknown[0])} is nothing that a turn has; it has {', '.join(KEYS)}")
        if self.session is not None and not _is_id(self.session):
            raise ParameterError(f"the name of a session has 1 to {LONGEST_ID} characters")

    def of(self, name: str) -> str:
        """Give the key that a canonical name has in the input."""
        return self.keys.get(name, name)


def parse(line: bytes, names: Names) -> InputTurn:
    """Understand a line.

    Raises:
        BadLineError: it is no JSON object, or lacks something, or has it of the wrong type.

    >>> parse(b'{"session_id": 7, "role": "user", "text": "Hello."}', Names({}, {}))
    InputTurn(session_id='7', role='patient', text='Hello.', turn_index=None)
    """
    record = _record(line)
    return InputTurn(
        _session_id(record, names),
        _role(record, names),
        _text(record, names),
        _turn_index(record, names),
    )


def _record(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST_LINE:
        raise BadLineError(f"longer than {LONGEST_LINE} bytes")
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        raise BadLineError("is not JSON") from None
    if not isinstance(record, dict):
        raise BadLineError("is no JSON object")
    return record


def _value(record: dict[str, Any], names: Names, name: str) -> Any:  # noqa: ANN401 - whatever JSON holds
    key = names.of(name)
    if key not in record:
        more = ", or the session with --session NAME" if name == schema.SESSION_ID else ""
        raise BadLineError(f"has no key {quoted(key)}; name the right one with --map {name}=KEY{more}")
    return record[key]


def _session_id(record: dict[str, Any], names: Names) -> str:
    if names.session is not None and names.of(schema.SESSION_ID) not in record:
        return names.session
    value = _value(record, names, schema.SESSION_ID)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _is_id(value):
        raise BadLineError(f"its session_id is no string of 1 to {LONGEST_ID} characters, and no integer")
    return value


def _is_id(value: str) -> bool:
    """Tell whether it may name a session: no lone surrogate is in it, which nothing outside Python can hold."""
    return 0 < len(value) <= LONGEST_ID and not any("\ud800" <= mark <= "\udfff" for mark in value)


def _role(record: dict[str, Any], names: Names) -> str:
    value = _value(record, names, schema.ROLE)
    known = names.roles.get(exact(value)) if isinstance(value, str) else None
    try:
        return known or canonical_role(value)
    except RoleError as error:
        raise BadLineError(f"{error}; map it with --roles NAME=therapist") from None


def _text(record: dict[str, Any], names: Names) -> str | None:
    value = _value(record, names, schema.TEXT)
    if value is not None and not isinstance(value, str):
        raise BadLineError("its text is neither a string nor null")
    return value


def _turn_index(record: dict[str, Any], names: Names) -> int | None:
    value = record.get(names.of(schema.TURN_INDEX))
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 1 << 63:
        raise BadLineError("its turn_index is no integer")
    return value
