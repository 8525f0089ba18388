"""Chats with a language model as their interfaces have them: ``messages: [{role: user/assistant/system, content}]``.

A content is a string or a list of parts, of which those of text are what was said. Messages are also found under
``conversation``, and as the file's array by themselves.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from alliancekit.errors import DataError
from alliancekit.readers.chats.chat import Chat, NotSaid, tables
from alliancekit.readers.chats.json_shape import keys_by_depth
from alliancekit.readers.json_values import kind_of, want
from alliancekit.readers.protocol import Format

if TYPE_CHECKING:
    from alliancekit.readers.head import Head
    from alliancekit.readers.speech.tally import Tally

LISTED_UNDER: Final = ("messages", "conversation", "conversations")
TEXT_PARTS: Final = frozenset({"text", "input_text", "output_text", "refusal"})
CALLS: Final = ("tool_calls", "function_call")
MESSAGE: Final = frozenset({"role", "content"})
MESSAGE_KEYS: Final = MESSAGE | {
    *("name", "refusal", "audio", "annotations", "tool_calls", "tool_call_id", "function_call", "id", "type"),
    *("timestamp", "created_at", "reasoning_content", "metadata"),
}
"""Those of a message: an array of objects with others is a table of its own."""


def said(message: dict[str, object], row: int, place: str, tally: Tally) -> str | NotSaid | None:
    """Give what was said in a message: its content, the texts of its parts, or a refusal."""
    content = message.get("content")
    if isinstance(content, list):
        return _of_parts(content, row, place, tally)
    if content is None and message.get("refusal") is not None:
        content = message["refusal"]
    if content is None and any(message.get(key) for key in CALLS):
        return NotSaid("tool_call")
    if content is not None and not isinstance(content, str):
        raise DataError(f"{place}, 'content' holds a JSON {kind_of(content)}, not a string or an array of parts.")
    return content


def _of_parts(parts: list[object], row: int, place: str, tally: Tally) -> str:
    texts: list[str] = []
    for number, part in enumerate(parts, start=1):
        if isinstance(part, str):
            texts.append(part)
            continue
        where = f"{place}, part {number} of 'content'"
        piece = want(part, dict, where)
        kind = piece.get("type", "text")
        if isinstance(kind, str) and kind in TEXT_PARTS:
            key = "refusal" if kind == "refusal" else "text"
            texts.append(want(piece.get(key), str, f"{where}, '{key}'"))
        else:
            tally.add("part_left_out", row)
    return "\n".join(texts)


def sniff(head: Head) -> bool:
    """Recognise objects with ``messages``, or messages by themselves, by ``role`` and ``content``."""
    if head.opening not in ("{", "["):
        return False
    shape = keys_by_depth(head.text)
    for around in ("{", "[{"):
        if not shape.get(around, frozenset()).isdisjoint(LISTED_UNDER) and shape.get(f"{around}[{{", set()) >= MESSAGE:
            return True
    lines = head.path.suffix.lower() in (".jsonl", ".ndjson")
    bare = shape.get("[{", frozenset())
    return shape.get("[[{", set()) >= MESSAGE or (MESSAGE <= bare <= MESSAGE_KEYS and not (lines and "{" in shape))


FORMATS: Final = (
    Format(
        name="Chat messages",
        suffixes=(".json", ".jsonl", ".ndjson"),
        description="chats with a language model: 'messages' with 'role' and 'content'",
        tables=partial(tables, chat=Chat(LISTED_UNDER, ("role",), said)),
        sniff=sniff,
        unit="message",
    ),
)
