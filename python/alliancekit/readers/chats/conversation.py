"""The conversations of a file, whichever way it holds them: an object, an array of objects, an object a line."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from alliancekit.errors import DataError
from alliancekit.readers.json_file import elements
from alliancekit.readers.json_values import kind_of, want

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.text_file import TextFile

ID_KEYS: Final = ("session_id", "conversation_id", "chat_id", "dialogue_id", "dialog_id", "id")
"""Keys that name a conversation; the first that is there does."""
NESTED: Final = ("metadata", "meta")
"""Objects whose values are labels as well."""
NO_LABELS: Final = frozenset(
    {"system", "system_prompt", "prompt", "instruction", "instructions", "tools", "functions", "title", "summary"}
)
"""Keys that hold what a model was told, or what it made of the talk: no labels of a session."""


class Conversation(NamedTuple):
    """A conversation: its 1-based number in the file (JSON lines: its line), its messages, and what is said of it.

    Attributes:
        number: as errors name it.
        messages: JSON values, not looked at.
        record: the object around the messages; empty where there is none.
        listed_under: the key that holds the messages.

    """

    number: int
    messages: Sequence[object]
    record: Mapping[str, object] = MappingProxyType({})
    listed_under: str = ""

    @property
    def id_key(self) -> str | None:
        """The key that names the conversation; None where none does."""
        return next((key for key in ID_KEYS if self.record.get(key) is not None), None)

    def labels(self) -> tuple[dict[str, object], list[str]]:
        """Give the plain values that are said of the conversation, and the names of what is not plain."""
        nested = [value for key in NESTED if isinstance(value := self.record.get(key), dict)]
        said = {key: value for values in (*nested, self.record) for key, value in values.items()}
        taken = {self.listed_under, self.id_key, *(key for key in NESTED if isinstance(said.get(key), dict))}
        rest = {key: value for key, value in said.items() if key not in taken}
        plain = {
            key: value for key, value in rest.items() if not isinstance(value, (dict, list)) and key not in NO_LABELS
        }
        return plain, [key for key in rest if key not in plain]


def conversations(
    text: TextFile, options: ReadOptions, *, listed_under: Collection[str], speaker_keys: Collection[str]
) -> Iterator[Conversation]:
    """Give the file's conversations; a message of an array that is one conversation comes as a piece of it.

    Args:
        text: the file.
        options: the limits.
        listed_under: keys of an object that may hold the messages.
        speaker_keys: keys by which a message is known, where the messages stand in the file's array by themselves.

    Raises:
        DataError: an element is no conversation, or is one of another shape than the first.

    """
    array = text.path.suffix.lower() not in (".jsonl", ".ndjson")
    bare: bool | None = None
    for number, value in elements(text, options):
        place = f"{text.path}: conversation {number}"
        key = next((key for key in listed_under if isinstance(value, dict) and key in value), None)
        is_message = array and key is None and isinstance(value, dict) and any(name in value for name in speaker_keys)
        if bare is not None and bare != is_message:
            raise DataError(f"{text.path}: element {number} is of another shape than those before it.")
        bare = is_message
        if is_message:
            yield Conversation(1, [value])
        elif isinstance(value, list):
            yield Conversation(number, value)
        elif not isinstance(value, dict):
            raise DataError(f"{place} is a JSON {kind_of(value)}, not an object with {_either(listed_under)}.")
        elif key is None:
            raise DataError(f"{place} has no {_either(listed_under)}.")
        else:
            yield Conversation(number, want(value[key], list, f"{place}, '{key}'"), value, key)


def _either(keys: Collection[str]) -> str:
    return " or ".join(f"'{key}'" for key in keys)
