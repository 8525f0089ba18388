"""JSON values by the standard library, as strictly as RFC 8259; errors that say where and quote nothing."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final, TypeVar

from alliancekit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


SCAN: Final[Callable[[str, int], tuple[object, int]]] = json.JSONDecoder(parse_constant=_refuse_constant).scan_once  # type: ignore[attr-defined] # Python documents it, typeshed lacks it
"""Reads the value that begins at a position: (text, position) → (value, end). NaN and Infinity are no JSON."""
SPACE: Final = " \t\r\n"
HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
Kind = TypeVar("Kind", dict[str, object], list[object], str, float, int)
KINDS: Final[dict[type, str]] = {
    dict: "object",
    list: "array",
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
}


def parsed(text: str, place: str) -> object:
    """Give the one JSON value that `text` is.

    Args:
        text: the value and white space.
        place: what an error begins with, e.g. ``talk.jsonl: line 3``.

    Raises:
        DataError: it is not one JSON value, is nested too deeply, or has half of a surrogate pair.

    >>> parsed('{"a": NaN}', "talk.jsonl: line 3")
    Traceback (most recent call last):
    alliancekit.errors.DataError: talk.jsonl: line 3 is not valid JSON. Mend it or leave it out.
    """
    try:
        value, end = SCAN(text, 0)
    except StopIteration:
        value, end = _after_space(text, place)
    except (ValueError, RecursionError) as error:
        raise json_error(error, place) from None
    if end != len(text) and (extra := text[end:].lstrip(SPACE)):
        raise json_error(json.JSONDecodeError("Extra data", text, len(text) - len(extra)), place)
    if may_have_half_pair(text):
        refuse_half_pair(value, place)
    return value


def _after_space(text: str, place: str) -> tuple[object, int]:
    start = len(text) - len(text.lstrip(SPACE))
    try:
        return SCAN(text, start)
    except StopIteration as stop:
        raise json_error(json.JSONDecodeError("Expecting value", text, stop.value), place) from None
    except (ValueError, RecursionError) as error:
        raise json_error(error, place) from None


def json_error(error: Exception, place: str) -> DataError:
    """Make the error for what is not JSON; the standard library's own would quote the text."""
    if isinstance(error, RecursionError):
        return DataError(f"{place} is nested too deeply.")
    reason = ""
    if isinstance(error, json.JSONDecodeError):
        line = f"line {error.lineno}, " if error.lineno > 1 else ""
        reason = f": {error.msg.removesuffix(' at')} at {line}column {error.colno}"
    return DataError(f"{place} is not valid JSON{reason}. Mend it or leave it out.")


def may_have_half_pair(text: str) -> bool:
    r"""Tell whether JSON escapes half of a surrogate pair, alone or in a pair.

    >>> may_have_half_pair(r'"\ud83d\ude00"'), may_have_half_pair(r'"\u2019"')
    (True, False)
    """
    return "\\u" in text and HALF.search(text) is not None


def refuse_half_pair(value: object, place: str) -> None:
    r"""Refuse half of a surrogate pair, which no text can hold: ``\ud8xx`` without ``\udcxx``."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        raise DataError(
            f"{place} has half of a surrogate pair (\\ud8xx without \\udcxx): a character was cut in two. "
            "Mend it or leave it out."
        ) from None


def kind_of(value: object) -> str:
    """Name the kind of a JSON value.

    >>> kind_of([]), kind_of(None)
    ('array', 'null')
    """
    return KINDS.get(type(value), "null")


def want(value: object, kind: type[Kind], place: str) -> Kind:
    """Give the value if it is of that kind; an error names both kinds and quotes nothing.

    Args:
        value: a JSON value.
        kind: dict, list, str, float or int as Python has JSON values.
        place: what the error begins with: file, number, and key where there is one.

    Raises:
        DataError: it is of another kind.

    >>> want(["a"], str, "talk.json: message 3, 'content'")
    Traceback (most recent call last):
    alliancekit.errors.DataError: talk.json: message 3, 'content' holds a JSON array, not a string.
    """
    if not isinstance(value, kind):
        article = "an" if KINDS[kind][0] in "ao" else "a"
        raise DataError(f"{place} holds a JSON {kind_of(value)}, not {article} {KINDS[kind]}.")
    return value


def want_or_none(value: object, kind: type[Kind], place: str) -> Kind | None:
    """Do as `want` does; null is None."""
    return None if value is None else want(value, kind, place)
