"""A column of texts from what people have at hand: lists, Polars, pandas and Arrow columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeAlias

import polars as pl

from alliancekit.errors import ColumnError, ParameterError


class ArrowArray(Protocol):
    """A column in one piece that exports itself through the Arrow PyCapsule interface."""

    def __arrow_c_array__(self, requested_schema: object | None = None) -> object:
        """Export the column as PyCapsules of an ArrowSchema and an ArrowArray."""


class ArrowColumn(Protocol):
    """A column that exports itself through the Arrow PyCapsule interface as a stream of chunks."""

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Export the column as a PyCapsule of an ArrowArrayStream."""


Texts: TypeAlias = pl.Series | ArrowColumn | ArrowArray | Iterable[str | None]


def text_column(texts: Texts) -> pl.Series:
    """Give `texts` as a String column of the same length and order.

    Lone surrogates, which no Unicode text may hold, become U+FFFD.

    Raises:
        ParameterError: `texts` is a single text, or nothing that can be gone through.
        ColumnError: an entry is neither a text nor None; the message names its position and type.

    >>> text_column(["I see.", None]).to_list()
    ['I see.', None]
    """
    if isinstance(texts, str | bytes):
        raise ParameterError("one text was given where a list of texts is needed; put it in a list: [text]")
    if isinstance(texts, pl.Series):
        return _as_strings(texts)
    if _is_arrow(texts):
        values: Any = texts  # Polars' own name for what exports Arrow is not public
        return _as_strings(pl.Series(values=values))
    if not isinstance(texts, Iterable):
        raise ParameterError(f"texts are a list of str or a column of strings, not {type(texts).__name__}")
    return _from_list(list(texts))


def _is_arrow(texts: object) -> bool:
    return hasattr(texts, "__arrow_c_stream__") or hasattr(texts, "__arrow_c_array__")


def _as_strings(column: pl.Series) -> pl.Series:
    if column.dtype in (pl.String, pl.Null, pl.Categorical, pl.Enum):
        return column.cast(pl.String)
    raise ColumnError(f"the texts are a column of {column.dtype}; strings are needed, so convert the column first")


def _from_list(texts: list[str | None]) -> pl.Series:
    for position, text in enumerate(texts):
        if text is not None and not isinstance(text, str):
            raise ColumnError(
                f"the entry at position {position} (counted from 0) is of type {type(text).__name__}; "
                "each must be a str, or None where there is no text",
            )
    try:
        return pl.Series(texts, dtype=pl.String)
    except UnicodeEncodeError:
        return pl.Series([_without_surrogates(text) for text in texts], dtype=pl.String)


def _without_surrogates(text: str | None) -> str | None:
    # UTF-16 joins the pairs that belong together, and only what stays alone is replaced.
    return None if text is None else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
