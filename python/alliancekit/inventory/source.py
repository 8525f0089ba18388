"""The text of an inventory file beside what it says, so that an error can name the line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from alliancekit.errors import InventoryError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Source:
    """An inventory file: path, text, and the values that tomllib read from it."""

    path: Path
    text: str
    values: dict[str, Any]

    @property
    def top(self) -> Table:
        """The file's outermost table."""
        return Table(self, self.values, "", 1)

    def item(self, index: int) -> Table:
        """Return the item of that index (from 0)."""
        return self.top.tables("items")[index]

    def line_of(self, pattern: str, start: int) -> int | None:
        """Return the number of the first line from `start` on that matches `pattern`, within the same item."""
        for number, line in enumerate(self.text.splitlines()[start - 1 :], start):
            if re.match(pattern, line):
                return number
            if number > start and re.match(r"\s*\[\[", line):
                return None
        return None

    def lines_of_tables(self, key: str) -> list[int]:
        """Return the lines on which a table of the list `key` begins."""
        lines = enumerate(self.text.splitlines(), 1)
        return [number for number, line in lines if re.match(rf"\s*\[\[\s*{key}\s*\]\]", line)]


@dataclass(frozen=True, slots=True)
class Table:
    """One TOML table of the file: its values, what to call it in a message, and the line on which it begins."""

    source: Source
    values: dict[str, Any]
    name: str
    line: int

    def error(self, what: str, *, key: str | None = None) -> InventoryError:
        """Return an error that names the file, the line of `key` (else of this table), the table, and `what`."""
        line = self.source.line_of(rf"\s*{re.escape(key)}\s*=", self.line) if key else None
        where = f"{self.source.path}:{line or self.line}: "
        return InventoryError(f"{where}{self.name}: {what}" if self.name else f"{where}{what}")

    def only(self, *known: str) -> None:
        """Raise InventoryError if the table has a key that is not one of `known`."""
        for key in self.values:
            if key not in known:
                near = get_close_matches(key, known, n=1)
                meant = f"did you mean {near[0]!r}?" if near else f"known keys: {', '.join(known)}."
                raise self.error(f"the key {key!r} is unknown; {meant}", key=key)

    def text(self, key: str) -> str:
        """Return a text that is not blank."""
        value = self.values.get(key)
        if not isinstance(value, str) or not value.strip():
            raise self.error(f'{key!r} has to be a text, and is {value!r}; write `{key} = "..."`.', key=key)
        return value

    def texts(self, key: str, *, may_be_empty: bool = True) -> tuple[str, ...]:
        """Return a list of texts, none of them blank."""
        value = self.values.get(key)
        if not isinstance(value, list) or not (value or may_be_empty):
            raise self.error(f'{key!r} has to be a list of texts; write `{key} = ["..."]`.', key=key)
        for number, text in enumerate(value, 1):
            if not isinstance(text, str) or not text.strip():
                msg = f"number {number} in {key!r} is {text!r}, and has to be a text; fill it in or remove it."
                raise self.error(msg, key=key)
        return tuple(value)

    def table(self, key: str) -> Table:
        """Return the table `key` inside this item, e.g. its patient form."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            raise self.error(f"the {key} form is missing; add `[items.{key}]` with its sentences under `agree`.")
        line = self.source.line_of(rf"\s*\[\s*items\s*\.\s*{re.escape(key)}\s*\]", self.line)
        return Table(self.source, value, f"{self.name}, {key} form", line or self.line)

    def tables(self, key: str) -> Sequence[Table]:
        """Return the tables of the list `key`, e.g. the items."""
        value = self.values.get(key)
        if not isinstance(value, list) or not value or not all(isinstance(item, dict) for item in value):
            raise self.error(f"there are no {key}; add at least one `[[{key}]]`.", key=key)
        lines = self.source.lines_of_tables(key)
        placed = lines if len(lines) == len(value) else [1] * len(value)
        return [Table(self.source, item, _name(key, item, n), placed[n]) for n, item in enumerate(value)]

    def optional_tables(self, key: str) -> Sequence[Table]:
        """Return the tables of the list `key`; none where the file has no such list."""
        return self.tables(key) if key in self.values else ()


KINDS: Final = {"items": "item", "examples": "example", "beside": "beside"}


def _name(key: str, values: dict[str, Any], index: int) -> str:
    identity = values.get("id")
    return f"{KINDS[key]} {identity!r}" if isinstance(identity, str) else f"{KINDS[key]} number {index + 1}"
