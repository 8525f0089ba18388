"""Columns of numbers as the compiled core takes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import numpy as np
    from numpy.typing import NDArray


def require_numbers(columns: Mapping[str, pl.DataType], names: Iterable[str]) -> None:
    """Refuse columns that hold anything else; null throughout is no score throughout."""
    for name in names:
        dtype = columns[name]
        if not (dtype.is_numeric() or dtype in (pl.Boolean, pl.Null)):
            raise ColumnError(f"column {name!r} holds {dtype}, where numbers are needed: cast it, with null for none")


def numbers(turns: pl.DataFrame, column: str, *, missing: float) -> NDArray[np.float64]:
    """Give a column as float64, `missing` for null, once it is sure that every other number is finite."""
    values = turns[column].cast(pl.Float64)
    bad = ~values.is_finite()
    if bad.any():
        session = turns.filter(bad)[schema.SESSION_ID][0]
        raise DataError(f"column {column!r} has NaN or infinity in session {session!r}; use null for nothing")
    return values.fill_null(missing).to_numpy()
