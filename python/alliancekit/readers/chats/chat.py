"""Conversations to turns: a conversation is a session, a message a turn."""

from __future__ import annotations

from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from alliancekit.readers.chats.conversation import conversations
from alliancekit.readers.chats.naming import Naming
from alliancekit.readers.json_values import want
from alliancekit.readers.parsed import Turn, tables_by
from alliancekit.readers.speech.tally import Tally
from alliancekit.readers.text_file import text_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from alliancekit.readers.chats.conversation import Conversation
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.protocol import Table
    from alliancekit.readers.speech.tally import Sayings
    from alliancekit.readers.text_file import TextFile

SAYINGS: Final[Sayings] = {
    "empty_conversation": ("conversation", "warning", "without a message, left out."),
    "tool_call": ("message", "note", "a call of a tool and no text, left out."),
    "part_left_out": ("part", "note", "of a message's content, no text that was said (an image, a tool, reasoning)."),
    "other_branch": (
        "message",
        "note",
        "of another branch (an answer made again, a question put anew), left out.",
    ),
    "hidden_message": ("message", "note", "that the chat does not show, left out."),
    "empty_message": ("message", "note", "without a text, left out."),
    "consecutive_messages": ("message", "note", "after one of the same speaker; merge=True (--merge) joins them."),
}


class Chat(NamedTuple):
    """How a format's conversations look.

    Attributes:
        listed_under: keys that may hold the messages.
        speaker_keys: keys of a message that may name the speaker; the first that is there does.
        said: gives a message's text, null where it has none; a note of what was left out for a message that is no turn.
        names: speakers' names, in lower case, that mean a role in this format alone.
        read: gives a file's conversations, where they are no lists of messages.

    """

    listed_under: tuple[str, ...]
    speaker_keys: tuple[str, ...]
    said: Callable[[dict[str, object], int, str, Tally], str | NotSaid | None]
    names: Mapping[str, str] = MappingProxyType({})
    read: Callable[[TextFile, ReadOptions], Iterator[Conversation]] | None = None


class NotSaid(NamedTuple):
    """A message that is no turn, and the code under which it is counted."""

    code: str


def tables(path: Path, options: ReadOptions, *, chat: Chat) -> Iterator[Table]:
    """Parse a file piece by piece (`Format.tables`). It is read twice: for ids and labels, and for the messages."""
    naming = Naming(path, options)
    for conversation in _conversations(path, options, chat):
        naming.see(conversation)
    yield from tables_by(partial(_parse, chat=chat, naming=naming), naming.columns())(path, options)


def _conversations(path: Path, options: ReadOptions, chat: Chat) -> Iterator[Conversation]:
    text = text_file(path, options)
    if chat.read is not None:
        return chat.read(text, options)
    return conversations(text, options, listed_under=chat.listed_under, speaker_keys=chat.speaker_keys)


def _parse(path: Path, options: ReadOptions, *, chat: Chat, naming: Naming) -> Iterator[Turn | Problem]:
    yield from text_file(path, options).problems
    yield from naming.problems()
    tally = Tally(path, "message")
    columns = naming.columns()
    row = 0
    before: tuple[int, str | None] = (0, None)
    for conversation in _conversations(path, options, chat):
        values = naming.values(conversation, columns)
        tally.add("empty_conversation", None, not conversation.messages)
        for value in conversation.messages:
            row += 1
            place = f"{path}: message {row}"
            turn = _turn(want(value, dict, place), row, place, tally, chat)
            if turn is None:
                continue
            speaker = (conversation.number, turn.speaker)
            tally.add("consecutive_messages", row, turn.speaker is not None and before == speaker)
            before = speaker
            yield turn._replace(values=values)
    sayings = {code: saying for code, saying in SAYINGS.items() if code != "consecutive_messages" or not options.merge}
    yield from tally.problems(sayings)


def _turn(message: dict[str, object], row: int, place: str, tally: Tally, chat: Chat) -> Turn | None:
    said = chat.said(message, row, place, tally)
    if isinstance(said, NotSaid):
        tally.add(said.code, row)
        return None
    return Turn(row, _speaker(message, chat, place), said)


def _speaker(message: dict[str, object], chat: Chat, place: str) -> str | None:
    key = next((key for key in chat.speaker_keys if message.get(key) is not None), None)
    if key is None:
        return None
    name = want(message[key], str, f"{place}, '{key}'")
    return chat.names.get(name.strip().lower(), name)
