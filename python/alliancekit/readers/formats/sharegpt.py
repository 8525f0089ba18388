"""ShareGPT's chats with a language model: ``conversations: [{from: human/gpt/system, value}]``."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from alliancekit.readers.chats.chat import Chat, tables
from alliancekit.readers.chats.json_shape import keys_by_depth
from alliancekit.readers.json_values import want_or_none
from alliancekit.readers.protocol import Format

if TYPE_CHECKING:
    from alliancekit.readers.head import Head
    from alliancekit.readers.speech.tally import Tally

LISTED_UNDER: Final = ("conversations", "conversation")
OWN_NAMES: Final = {"bing": "assistant", "bard": "assistant", "observation": "tool", "function_call": "function"}
"""Names that mean a role here only: of two models, and of what a model asks of a tool and gets back."""
MESSAGE: Final = frozenset({"from", "value"})


def said(message: dict[str, object], _row: int, place: str, _tally: Tally) -> str | None:
    """Give what was said in a message."""
    return want_or_none(message.get("value"), str, f"{place}, 'value'")


def sniff(head: Head) -> bool:
    """Recognise objects with ``conversations``, by ``from`` and ``value``."""
    if head.opening not in ("{", "["):
        return False
    shape = keys_by_depth(head.text)
    return any(
        not shape.get(around, frozenset()).isdisjoint(LISTED_UNDER) and shape.get(f"{around}[{{", set()) >= MESSAGE
        for around in ("{", "[{")
    )


FORMATS: Final = (
    Format(
        name="ShareGPT",
        suffixes=(".json", ".jsonl", ".ndjson"),
        description="ShareGPT's 'conversations' with 'from' and 'value'",
        tables=partial(tables, chat=Chat(LISTED_UNDER, ("from",), said, OWN_NAMES)),
        sniff=sniff,
        unit="message",
    ),
)
