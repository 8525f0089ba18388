"""ChatGPT's export: ``conversations.json``, an array of conversations whose messages are a tree (``mapping``)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from alliancekit.readers.chats.chat import Chat, NotSaid, tables
from alliancekit.readers.chats.chatgpt_tree import OTHER_BRANCH, SPEAKER, conversations
from alliancekit.readers.chats.json_shape import keys_by_depth
from alliancekit.readers.json_values import want, want_or_none
from alliancekit.readers.protocol import Format

if TYPE_CHECKING:
    from alliancekit.readers.head import Head
    from alliancekit.readers.speech.tally import Tally

TEXTS: Final = frozenset({"text", "multimodal_text"})
"""Kinds of content that were said; others are code, what a tool gave back, reasoning."""
NODE: Final = frozenset({"message", "parent", "children"})
EVERYONE: Final = "all"
HIDDEN: Final = "is_visually_hidden_from_conversation"


def said(message: dict[str, object], row: int, place: str, tally: Tally) -> str | NotSaid | None:
    """Give what was said in a message; parts that are no text are left out and counted."""
    metadata = want_or_none(message.get("metadata"), dict, f"{place}, 'metadata'") or {}
    content = want_or_none(message.get("content"), dict, f"{place}, 'content'") or {}
    if OTHER_BRANCH in message:
        return NotSaid("other_branch")
    if metadata.get(HIDDEN) is True:
        return NotSaid("hidden_message")
    if message.get("recipient", EVERYONE) != EVERYONE or content.get("content_type") not in TEXTS:
        return NotSaid("tool_call")
    parts = want_or_none(content.get("parts"), list, f"{place}, 'parts'") or []
    text = "\n".join(_texts(parts, row, place, tally))
    return text if text.strip() else NotSaid("empty_message")


def _texts(parts: list[object], row: int, place: str, tally: Tally) -> list[str]:
    texts = []
    for number, part in enumerate(parts, start=1):
        where = f"{place}, part {number}"
        spoken = part if isinstance(part, str) else want(part, dict, where).get("text")
        if spoken is None:
            tally.add("part_left_out", row)
        else:
            texts.append(want(spoken, str, f"{where}, 'text'"))
    return texts


def sniff(head: Head) -> bool:
    """Recognise conversations with a ``mapping`` of nodes."""
    if head.opening not in ("{", "["):
        return False
    shape = keys_by_depth(head.text)
    return any("mapping" in shape.get(top, ()) and shape.get(f"{top}{{{{", set()) >= NODE for top in ("{", "[{"))


FORMATS: Final = (
    Format(
        name="ChatGPT",
        suffixes=(".json",),
        description="ChatGPT's export, conversations.json",
        tables=partial(tables, chat=Chat((), (SPEAKER,), said, read=conversations)),
        sniff=sniff,
        unit="message",
    ),
)
