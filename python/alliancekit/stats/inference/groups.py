"""Groups of sessions by their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from alliancekit.errors import ColumnError, DataError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def key_names(by: str | Sequence[str] | None) -> list[str]:
    """Give the `by` columns as a list."""
    if by is None:
        return []
    return [by] if isinstance(by, str) else list(by)


def split(table: pl.DataFrame, keys: Sequence[str]) -> Iterator[tuple[dict[str, Any], pl.DataFrame]]:
    """Give each group's labels and rows, in sorted order; a list column puts a session in each of its groups."""
    if table.is_empty():
        raise DataError("the table has no rows")
    if not keys:
        yield {}, table
        return
    for key in keys:
        if key not in table.columns:
            raise ColumnError(
                f"'{key}' is not a label of the sessions, so they can't be grouped by it. Group by a column that is "
                "the same in all turns of a session, such as condition."
            )
        if table.schema[key] == pl.List:
            table = table.explode(key)
    for label, part in table.sort(*keys, maintain_order=True).group_by(*keys, maintain_order=True):
        yield dict(zip(keys, label, strict=True)), part
