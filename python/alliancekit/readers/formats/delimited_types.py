"""The types of a text table's columns: one type that all values of the whole file have, and ids never numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
ID_NAME: Final = re.compile(r"(^|[^a-z])id$|[a-z]Id$|[a-zA-Z]ID$", re.IGNORECASE)

ANY_INTEGER: Final = r"^[-+]?\d{1,18}$"
INTEGER: Final = r"^[-+]?(?:0|[1-9]\d{0,17})$"
FLOAT: Final = r"^[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|inf|NaN)$"
BOOLEAN: Final = r"^(?:true|false|True|False|TRUE|FALSE)$"


def text_columns(header: Sequence[str], columns: Mapping[str, str]) -> list[str]:
    """Name the columns that are read as strings whatever they hold.

    >>> text_columns(["talk_id", "line_id", "rater_id", "score"], {"turn_index": "line_id"})
    ['talk_id', 'rater_id']
    """
    named = {columns.get(canonical, canonical) for canonical in AS_TEXT}
    counts = {columns.get(canonical, canonical) for canonical in COUNTS}
    return [name for name in header if name in named or (ID_NAME.search(name) and name not in counts)]


def typed(strings: pl.LazyFrame, header: Sequence[str], columns: Mapping[str, str]) -> pl.LazyFrame:
    """Give each column of strings the type that all its values have; an empty string is no number, but null."""
    open_columns = [name for name in header if name not in text_columns(header, columns)]
    counts = {columns.get(canonical, canonical) for canonical in COUNTS}
    if not open_columns:
        return strings
    found = strings.select(_tests(name, as_count=name in counts) for name in open_columns).collect()
    return strings.with_columns(_cast(name, found[name][0]) for name in open_columns)


def _tests(name: str, *, as_count: bool) -> pl.Expr:
    filled = pl.col(name).filter(pl.col(name) != "")
    integer = filled.str.contains(ANY_INTEGER if as_count else INTEGER).all()
    kinds = (integer, filled.str.contains(FLOAT).all() & ~_padded(filled).any(), filled.str.contains(BOOLEAN).all())
    return pl.struct(
        (filled.len() > 0).alias("filled"),
        *(kind.alias(kind_name) for kind, kind_name in zip(kinds, ("integer", "float", "boolean"), strict=True)),
    ).alias(name)


def _padded(filled: pl.Expr) -> pl.Expr:
    # 0042 is a code; 0.5 and 00:10 are not meant.
    return filled.str.contains(r"^[-+]?0\d+$")


def _cast(name: str, found: Mapping[str, bool]) -> pl.Expr:
    column = pl.col(name)
    number = pl.when(column != "").then(column)
    if not found["filled"]:
        return column
    if found["integer"]:
        return number.cast(pl.Int64).alias(name)
    if found["float"]:
        return number.cast(pl.Float64).alias(name)
    return (number.str.to_lowercase() == "true").alias(name) if found["boolean"] else column
