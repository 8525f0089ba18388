"""ChatGPT's conversations: trees of messages, of which one branch is the conversation as it was left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.errors import DataError
from alliancekit.readers.chats.conversation import Conversation
from alliancekit.readers.json_file import elements
from alliancekit.readers.json_values import want, want_or_none

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.text_file import TextFile

LABELS: Final = ("conversation_id", "id", "title", "create_time", "default_model_slug")
OTHER_BRANCH: Final = "\0other branch"
"""Marks a message that is not of the branch; no file has a key of that name."""
SPEAKER: Final = "\0speaker"


def conversations(text: TextFile, options: ReadOptions) -> Iterator[Conversation]:
    """Give each conversation's messages from first to last, and after them those of other branches, marked.

    Raises:
        DataError: a conversation is none, or its messages do not hang together.

    """
    for number, value in elements(text, options):
        place = f"{text.path}: conversation {number}"
        conversation = want(value, dict, place)
        mapping = want(conversation.get("mapping"), dict, f"{place}, 'mapping'")
        nodes = {name: want(node, dict, f"{place}, a node of 'mapping'") for name, node in mapping.items()}
        branch = _branch(conversation.get("current_node"), nodes, place)
        rest = [name for name in nodes if name not in branch]
        others = ({**message, OTHER_BRANCH: True} for message in _messages(rest, nodes, place))
        messages = [*_messages(branch, nodes, place), *others]
        record = {name: conversation[name] for name in LABELS if conversation.get(name) is not None}
        yield Conversation(number, messages, record, "mapping")


def _branch(leaf: object, nodes: dict[str, dict[str, object]], place: str) -> dict[str, None]:
    """Give the names of the nodes from the root to the leaf; without a leaf, to the last node without children."""
    ends = [name for name, node in nodes.items() if not node.get("children")]
    name = want_or_none(leaf, str, f"{place}, 'current_node'") or next(reversed(ends), None)
    found: dict[str, None] = {}
    while name is not None:
        if name not in nodes or name in found:
            what = "goes in a circle" if name in found else "leads to a message that is not there"
            raise DataError(f"{place}: the order of its messages {what}. Export it again.")
        found[name] = None
        name = want_or_none(nodes[name].get("parent"), str, f"{place}, 'parent'")
    return dict.fromkeys(reversed(found))


def _messages(
    names: list[str] | dict[str, None], nodes: dict[str, dict[str, object]], place: str
) -> Iterator[dict[str, object]]:
    for name in names:
        message = want_or_none(nodes[name].get("message"), dict, f"{place}, 'message'")
        if message is not None:
            author = want_or_none(message.get("author"), dict, f"{place}, 'author'") or {}
            yield {**message, SPEAKER: author.get("role")}
