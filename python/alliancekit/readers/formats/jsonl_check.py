"""The check of JSON lines before they are parsed, by the standard library: what Polars would change in silence.

Polars turns half a surrogate pair into a NUL and a nested text into its JSON, and names no line in an error. The same
pass finds each column's type, which takes Polars longer than all the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, TypeAlias

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError
from alliancekit.labels import quoted
from alliancekit.readers.json_file import json_lines
from alliancekit.readers.json_values import kind_of
from alliancekit.readers.limits import refuse_wide
from alliancekit.readers.presets import mapping_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.text_file import TextFile

Shape: TypeAlias = tuple[object, ...]
"""A record's keys, then the types of their values."""

DTYPES: Final[Mapping[frozenset[type], pl.DataType]] = {
    frozenset(): pl.Null(),
    frozenset({str}): pl.String(),
    frozenset({int}): pl.Int64(),
    frozenset({float}): pl.Float64(),
    frozenset({int, float}): pl.Float64(),
    frozenset({bool}): pl.Boolean(),
}
"""What the values of a column are, nulls aside; Polars decides on any other mixture, and on nested ones."""


@dataclass(slots=True)
class Layout:
    """What the check found.

    Attributes:
        records: lines that are not blank.
        shapes: those of the records in the order in which they come; a file has few.
        names: all keys.

    """

    records: int = 0
    shapes: dict[Shape, None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    def dtypes(self) -> dict[str, pl.DataType] | None:
        """Give the columns and their types, in the order in which they come; None where Polars has to find them."""
        kinds: dict[str, set[type]] = {}
        for shape in self.shapes:
            width = len(shape) // 2
            for name, kind in zip(shape[:width], shape[width:], strict=True):
                kinds.setdefault(str(name), set()).add(kind)  # type: ignore[arg-type] # types are the second half
        dtypes = {name: DTYPES.get(frozenset(found - {type(None)})) for name, found in kinds.items()}
        known = {name: dtype for name, dtype in dtypes.items() if dtype is not None}
        return known if len(known) == len(dtypes) else None


def check(text: TextFile, options: ReadOptions) -> Layout:
    """Read each line and give the file's layout.

    Raises:
        ColumnError: a text is no string.
        DataError: a line is not JSON, or no object.

    """
    layout = Layout()
    text_name = None
    for number, record in json_lines(text, options):
        layout.records += 1
        if not isinstance(record, dict):
            kind = kind_of(record)
            raise DataError(f"{text.path}: line {number} holds a JSON {kind}; each line holds one object, a turn.")
        shape = (*record, *map(type, record.values()))
        if shape not in layout.shapes:
            text_name = text_name or mapping_of(list(record), options).get(schema.TEXT, schema.TEXT)
            _check_text(record.get(text_name), f"{text.path}: line {number}: {quoted(text_name)}")
            layout.shapes[shape] = None
            layout.names.update(record)
            refuse_wide(text.path, len(layout.names))
    return layout


def _check_text(said: object, place: str) -> None:
    if isinstance(said, (dict, list)):
        raise ColumnError(f"{place} holds a JSON {kind_of(said)}, not a string.")
