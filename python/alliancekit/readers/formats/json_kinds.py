"""Values of JSON objects as columns: one type that all values of a key have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_KEYS: Final = 2000
LARGEST: Final = 2**63 - 1


class Kinds:
    """Sees the values of each key, and gives the type of its column.

    >>> kinds = Kinds("talk.json")
    >>> kinds.see([("a", 1), ("b", "x")])
    >>> kinds.see([("a", 1.5), ("b", ["y"])])
    >>> kinds.dtypes()
    {'a': Float64, 'b': String}
    >>> fitted(["y"], pl.String()), fitted(1, pl.Float64())
    ('["y"]', 1.0)
    """

    def __init__(self, place: str) -> None:
        self._place = place
        self._kinds: dict[str, set[type]] = {}

    def see(self, values: Iterable[tuple[str, object]]) -> None:
        """See an object's keys and values.

        Raises:
            DataError: there are more keys than a table has columns.

        """
        for name, value in values:
            kind = type(value)
            if isinstance(value, int) and not -LARGEST <= value <= LARGEST:
                kind = object  # no column of numbers holds it
            self._kinds.setdefault(name, set()).add(kind)
        if len(self._kinds) > MOST_KEYS:
            raise DataError(
                f"{self._place}: the objects have more than {MOST_KEYS} different keys. Is it a transcript?"
            )

    def dtypes(self) -> dict[str, pl.DataType]:
        """Give each key's type; String where the values have no other in common."""
        return {name: _dtype(kinds - {type(None)}) for name, kinds in self._kinds.items()}


def _dtype(kinds: set[type]) -> pl.DataType:
    if kinds == {bool}:
        return pl.Boolean()
    if kinds == {int}:
        return pl.Int64()
    return pl.Float64() if kinds and kinds <= {int, float} else pl.String()


def fitted(value: object, dtype: pl.DataType) -> object:
    """Give the value for a column of that type: what is no string becomes its JSON in a column of strings."""
    if dtype == pl.String and value is not None and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    return float(value) if dtype == pl.Float64 and isinstance(value, int) else value
