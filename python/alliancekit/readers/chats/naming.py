"""What a file's conversations are called and which labels they have: known once all of them have been seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.labels import counted, listing
from alliancekit.readers.formats.json_kinds import Kinds, fitted
from alliancekit.readers.json_values import kind_of
from alliancekit.readers.problem import Problem
from alliancekit.readers.session_names import session_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.chats.conversation import Conversation
    from alliancekit.readers.options import ReadOptions

RESERVED: Final = frozenset({*schema.REQUIRED_COLUMNS, schema.START_S, schema.END_S})
"""Columns that are not the conversation's to fill."""


class Naming:
    """Sees each conversation of a file, and then gives its session and labels."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        """Start with a file of which nothing has been seen."""
        self._path, self._options = path, options
        self._kinds, self._id_kinds = Kinds(str(path)), Kinds(str(path))
        self._id_key: str | None = None
        self._numbers: dict[str, int] = {}
        self._left_out: dict[str, None] = {}
        self._last = self.count = 0

    def see(self, conversation: Conversation) -> None:
        """Look at a conversation's id and labels.

        Raises:
            DataError: it has an id and others have none, has the id of another, or an id that is no name.

        """
        if conversation.number == self._last:
            return  # a further piece of the same
        self.count += 1
        self._last = conversation.number
        place = f"{self._path}: conversation {conversation.number}"
        if self.count > 1 and conversation.id_key != self._id_key:
            raise DataError(f"{place}: some conversations have an id and some have none, or under another key.")
        self._id_key = conversation.id_key
        if self._id_key is not None:
            self._see_id(conversation.record[self._id_key], conversation.number, place)
        labels, left_out = conversation.labels()
        self._kinds.see(labels.items())
        self._left_out.update(dict.fromkeys(left_out))

    def _see_id(self, value: object, number: int, place: str) -> None:
        if isinstance(value, bool) or not isinstance(value, (str, int)):
            raise DataError(f"{place}, '{self._id_key}' holds a JSON {kind_of(value)}, not a name or a whole number.")
        before = self._numbers.setdefault(str(value), number)
        if before != number:
            raise DataError(f"{place} has the same '{self._id_key}' as conversation {before}. Give each its own.")
        self._id_kinds.see([(schema.SESSION_ID, value)])

    def columns(self) -> dict[str, pl.DataType]:
        """Give the columns and their types; no session_id where the file is one session without a name of its own."""
        columns = {_column(name): dtype for name, dtype in self._kinds.dtypes().items()}
        if self._id_key is not None:
            return {**self._id_kinds.dtypes(), **columns}
        return columns if self.count <= 1 else {schema.SESSION_ID: pl.String(), **columns}

    def values(self, conversation: Conversation, columns: dict[str, pl.DataType]) -> dict[str, object]:
        """Give a conversation's session_id and labels."""
        labels, _ = conversation.labels()
        values = {_column(name): value for name, value in labels.items()}
        if self._id_key is not None:
            values[schema.SESSION_ID] = conversation.record[self._id_key]
        elif schema.SESSION_ID in columns:
            values[schema.SESSION_ID] = f"{session_name(self._path, self._options)}-{conversation.number}"
        return {name: fitted(value, columns[name]) for name, value in values.items()}

    def problems(self) -> Iterator[Problem]:
        """Say where the sessions' names come from, and what was not taken as a label."""
        if self._id_key is not None:
            message = f"The sessions are called by the conversations' own '{self._id_key}'."
            yield Problem(self._path, None, schema.SESSION_ID, "session_id_from_conversation", message)
        elif self.count > 1:
            message = "The conversations have no id: the sessions are called by the file's name and their number."
            yield Problem(self._path, None, schema.SESSION_ID, "session_id_from_number", message)
        if self._left_out:
            names = listing(self._left_out, limit=5)
            message = f"{counted(len(self._left_out), 'key')} of conversations not taken as labels: {names}."
            yield Problem(self._path, None, None, "keys_left_out", message)


def _column(name: str) -> str:
    return f"chat.{name}" if name in RESERVED else name
