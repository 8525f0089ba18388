"""A table as records for JSON: full precision, and null for a number that JSON can't hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl


def records(table: pl.DataFrame) -> list[dict[str, Any]]:
    """Give the rows as dictionaries.

    >>> import polars as pl
    >>> records(pl.DataFrame({"gap": [0.1, float("nan")]}))
    [{'gap': 0.1}, {'gap': None}]

    """
    return [{name: _plain(value) for name, value in row.items()} for row in table.iter_rows(named=True)]


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell can be of any type
    return None if isinstance(value, float) and not math.isfinite(value) else value
