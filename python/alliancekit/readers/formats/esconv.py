"""ESConv: emotional support conversations of crowd workers (Liu et al. 2021, ACL), and its set of failed ones.

A JSON array of conversations, each with labels and a ``dialog`` of messages. The seeker is the patient. In the failed
set the two are called ``speaker`` (the seeker) and ``listener``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.readers.json_file import elements
from alliancekit.readers.json_values import want, want_or_none
from alliancekit.readers.parsed import Turn, tables_by
from alliancekit.readers.problem import Problem
from alliancekit.readers.protocol import Format
from alliancekit.readers.session_names import session_name
from alliancekit.readers.text_file import text_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions

OWN_NAMES: Final = {"speaker": "seeker", "listener": "supporter"}
"""Names that mean a role here only."""
LABELS: Final = ("emotion_type", "problem_type", "experience_type")
COLUMNS: Final = {schema.SESSION_ID: pl.String, **dict.fromkeys(LABELS, pl.String), "strategy": pl.String}


def parse(path: Path, options: ReadOptions) -> Iterator[Turn | Problem]:
    """Give each message as a turn; a conversation is a session, by the file's name and its number."""
    text = text_file(path, options)
    yield from text.problems
    row = consecutive = 0
    for number, value in elements(text, options):
        place = f"{path}: conversation {number}"
        conversation = want(value, dict, place)
        labels = {name: want_or_none(conversation.get(name), str, f"{place}, '{name}'") for name in LABELS}
        values = {schema.SESSION_ID: f"{session_name(path, options)}-{number}", **labels}
        before: object = None
        for message in want(conversation.get("dialog"), list, f"{place}, 'dialog'"):
            row += 1
            turn = _turn(want(message, dict, f"{path}: message {row}"), row, values, path)
            consecutive += turn.speaker == before
            before = turn.speaker
            yield turn
    if consecutive and not options.merge:
        message = f"{consecutive} messages follow one of the same speaker; merge=True (--merge) makes them one turn."
        yield Problem(path, None, None, "consecutive_messages", message)


def _turn(message: dict[str, object], row: int, values: Mapping[str, object], path: Path) -> Turn:
    place = f"{path}: message {row}"
    speaker = want_or_none(message.get("speaker"), str, f"{place}, 'speaker'")
    content = want_or_none(message.get("content"), str, f"{place}, 'content'")
    annotation = want_or_none(message.get("annotation"), dict, f"{place}, 'annotation'") or {}
    strategy = want_or_none(annotation.get("strategy"), str, f"{place}, 'strategy'")
    named = speaker if speaker is None else OWN_NAMES.get(speaker.strip().lower(), speaker)
    return Turn(row, named, content, {**values, "strategy": strategy})


def sniff(head: Head) -> bool:
    """Recognise an array of objects with a ``dialog``."""
    return head.opening == "[" and {"dialog", "speaker", "content"} <= head.json_keys


FORMATS: Final = (
    Format(
        name="ESConv",
        suffixes=(".json",),
        description="ESConv's array of conversations with 'dialog'",
        tables=tables_by(parse, COLUMNS),
        sniff=sniff,
        unit="message",
    ),
)
