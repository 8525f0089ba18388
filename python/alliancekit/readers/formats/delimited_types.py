"""The types of a text table's columns: one type that all values of the whole file have, and ids never numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

AS_TEXT: Final = (
    schema.SESSION_ID,
    schema.ROLE,
    schema.TEXT,
    schema.CONDITION,
    schema.PATIENT_ID,
    schema.THERAPIST_ID,
)
"""Columns never taken for numbers: an id is a name, so that ``007`` stays ``007``."""
COUNTS: Final = (schema.TURN_INDEX, schema.SESSION_NUMBER)
"""Columns taken for numbers in spite of an id's name or leading zeros."""
ID_NAME: Final = re.compile(r"(?:^|[^A-Za-z])[Ii][Dd]$|[a-z]I[dD]$")
"""A name whose last word is "id", as in ``line_id``, ``lineId`` and ``lineID``; ``valid`` and ``gap_mid`` end with the
same letters."""

ANY_INTEGER: Final = r"^[-+]?\d{1,18}$"
INTEGER: Final = r"^[-+]?(?:0|[1-9]\d{0,17})$"
FLOAT: Final = r"^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf|NaN)$"
PADDED: Final = r"^[-+]?0\d+$"
"""0042 is a code; 0.5 and 00:10 are not meant."""
BOOLEAN: Final = r"^(?:true|false|True|False|TRUE|FALSE)$"


def text_columns(header: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """Name the columns that are read as strings whatever they hold.

    >>> text_columns(["talk_id", "line_id", "raterID", "score", "gap_mid"], {"turn_index": "line_id"})
    ['talk_id', 'raterID']
    """
    named = {columns.get(canonical, canonical) for canonical in AS_TEXT}
    counts = {columns.get(canonical, canonical) for canonical in COUNTS}
    return [name for name in header if name in named or (ID_NAME.search(name) and name not in counts)]


def casts(
    strings: Callable[[list[str]], Iterator[pl.DataFrame]], header: Sequence[str], columns: Mapping[str, str]
) -> list[pl.Expr]:
    """Find the type that all values of each column have; an empty string is no number, but null.

    Args:
        strings: gives the table piece by piece, all columns as strings; of them, those that are named.
        header: the column names.
        columns: canonical name → name in the file.

    Returns:
        Expressions that make the columns of these types of those of strings.

    """
    as_text = set(text_columns(header, columns))
    counts = {columns.get(canonical, canonical) for canonical in COUNTS}
    found = {name: _Column(as_count=name in counts) for name in header if name not in as_text}
    if not found:
        return []
    # Column by column: one query of as many expressions as a wide table has columns takes Polars minutes.
    for frame in strings(list(found)):
        for name, column in found.items():
            column.see(frame[name])
    return [column.cast(name) for name, column in found.items()]


@dataclass(slots=True)
class _Column:
    """What the values of a column may all be, as far as they are seen."""

    as_count: bool
    filled: bool = False
    kinds: list[str] = field(default_factory=lambda: ["integer", "float", "boolean"])

    def see(self, values: pl.Series) -> None:
        if self.kinds:
            filled = values.filter((values != "") & values.is_not_null())
            self.filled = self.filled or len(filled) > 0
            self.kinds = [kind for kind in self.kinds if self._are(filled, kind)]

    def _are(self, filled: pl.Series, kind: str) -> bool:
        if kind == "integer":
            return filled.str.contains(ANY_INTEGER if self.as_count else INTEGER).all()
        if kind == "float":
            return filled.str.contains(FLOAT).all() and not filled.str.contains(PADDED).any()
        return filled.str.contains(BOOLEAN).all()

    def cast(self, name: str) -> pl.Expr:
        column = pl.col(name)
        number = pl.when(column != "").then(column)
        match self.kinds[:1] if self.filled else []:
            case ["integer"]:
                return number.cast(pl.Int64).alias(name)
            case ["float"]:
                return number.cast(pl.Float64).alias(name)
            case ["boolean"]:
                return (number.str.to_lowercase() == "true").alias(name)
            case _:
                return column
