"""The caller's own function over each text, such as a tool that takes names out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.labels import counted
from alliancekit.readers.protocol import Table
from alliancekit.readers.steps.ending import ending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alliancekit.readers.steps.context import Context


def transform_texts(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Put each text that is not null through `transform`, in order, and count those that it changed."""
    transform = context.options.transform
    if transform is None:
        yield from tables
        return
    changed = 0
    last: pl.DataFrame | None = None
    for table in tables:
        before = table.frame[schema.TEXT]
        after = pl.Series(schema.TEXT, _through(transform, table, context), dtype=pl.String)
        changed += int((before != after).sum())
        last = table.frame.with_columns(after)
        yield Table(last, table.rows, table.problems)
    if last is not None:
        message = (
            f"The caller's transform changed {counted(changed, 'text')}; what it took out or left in is its own affair."
        )
        yield ending(last, context.problem("transformed", message, column=schema.TEXT))


def _through(transform: Callable[[str], str], table: Table, context: Context) -> Iterator[str | None]:
    for position, text in enumerate(table.frame[schema.TEXT]):
        yield None if text is None else _one(transform, text, f"{context.path}: {context.unit} {table.rows[position]}")


def _one(transform: Callable[[str], str], text: str, place: str) -> str:
    try:
        made = transform(text)
    except Exception as error:  # noqa: BLE001 - any error of the caller's function may quote the text
        raise DataError(
            f"{place}: the transform failed with {type(error).__name__} (its message may quote the text)."
        ) from None
    if not isinstance(made, str):
        raise DataError(f"{place}: the transform gave {type(made).__name__}, not a string.")
    return made
