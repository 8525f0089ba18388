"""One utterance of a ConvoKit corpus: a line of ``utterances.jsonl``."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

from alliancekit.errors import DataError
from alliancekit.readers.json_file import json_lines
from alliancekit.readers.json_values import kind_of, want, want_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.text_file import TextFile

BINARY: Final = "<##bin{"
"""How a value begins that stands pickled in a file beside; no pickle is opened, since it may run code."""


class Utterance(NamedTuple):
    """An utterance.

    Attributes:
        row: the line.
        id: unique in the corpus.
        speaker: id of who says it; None where none is given.
        conversation: id of the conversation.
        reply_to: id of the utterance before; None for the first.
        timestamp: a number, of whatever unit; None for what is no number.
        text: what is said.
        labels: the `meta`, each name beginning with ``meta.``.

    """

    row: int
    id: str
    speaker: str | None
    conversation: str
    reply_to: str | None
    timestamp: float | None
    text: str | None
    labels: tuple[tuple[str, object], ...]


def utterances(text: TextFile, options: ReadOptions) -> Iterator[Utterance]:
    """Give each utterance in the file's order.

    Raises:
        DataError: a line is no utterance.

    """
    for row, value in json_lines(text, options):
        place = f"{text.path}: line {row}"
        yield _utterance(row, want(value, dict, place), place)


def _utterance(row: int, record: dict[str, object], place: str) -> Utterance:
    conversation = _id(record, ("conversation_id", "root"), place)
    if conversation is None:
        raise DataError(
            f"{place} has no conversation_id. Load the corpus with ConvoKit and dump it again, which fills it in."
        )
    meta = want_or_none(record.get("meta"), dict, f"{place}, 'meta'") or {}
    return Utterance(
        row,
        _id(record, ("id",), place) or f"line {row}",
        _id(record, ("speaker", "user"), place),
        conversation,
        _id(record, ("reply_to", "reply-to"), place),
        _number(record.get("timestamp")),
        want_or_none(record.get("text"), str, f"{place}, 'text'"),
        tuple((f"meta.{name}", plain(value)) for name, value in meta.items()),
    )


def _id(record: dict[str, object], keys: tuple[str, ...], place: str) -> str | None:
    key = next((key for key in keys if key in record), keys[0])
    value = record.get(key)
    if isinstance(value, dict):
        value = value.get("id")  # a speaker as an object, in the oldest versions
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    raise DataError(f"{place}, '{key}' holds a JSON {kind_of(value)}, not an id.")


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def plain(value: object) -> object:
    """Give a value; null for one that is pickled elsewhere."""
    return None if isinstance(value, str) and value.startswith(BINARY) else value
