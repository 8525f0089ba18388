"""Each turn gets its session's labels from the metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.labels import counted
from alliancekit.readers.metadata import KEY
from alliancekit.readers.protocol import Table
from alliancekit.readers.steps.ending import ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.metadata import Metadata
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.steps.context import Context

OWN: Final = "\0own"


def join_metadata(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Join the labels by session_id; where a column is in both, the metadata's value goes before the file's own."""
    metadata = context.sides.metadata
    if metadata is None:
        yield from tables
        return
    differing: dict[str, dict[str, None]] = {}
    last: pl.DataFrame | None = None
    for table in tables:
        last = _joined(table.frame, metadata, differing)
        yield Table(last, table.rows, table.problems)
    if last is not None:
        yield ending(last, *_said(differing, context))


def _joined(frame: pl.DataFrame, metadata: Metadata, differing: dict[str, dict[str, None]]) -> pl.DataFrame:
    key = frame[schema.SESSION_ID].cast(pl.String).str.strip_chars()
    metadata.seen.update(dict.fromkeys(key.unique(maintain_order=True)))
    both = [name for name in metadata.labels.columns if name in frame.columns]
    named = frame.rename({name: OWN + name for name in both}).with_columns(key.alias(KEY))
    joined = named.join(metadata.labels, on=KEY, how="left", maintain_order="left")
    for name in both:
        _count_differences(joined, name, differing)
    # The columns of the file keep their places, the labels come after them.
    order = [*frame.columns, *(name for name in metadata.labels.columns if name not in (*both, KEY))]
    return joined.with_columns(_both(joined, name) for name in both).select(order)


def _both(joined: pl.DataFrame, name: str) -> pl.Expr:
    label, own = pl.col(name), pl.col(OWN + name)
    kinds = (joined[name].dtype, joined[OWN + name].dtype)
    if kinds[0] != kinds[1] and not all(kind.is_numeric() or kind == pl.Null for kind in kinds):
        label, own = label.cast(pl.String), own.cast(pl.String)
    return pl.coalesce(label, own).alias(name)


def _count_differences(joined: pl.DataFrame, name: str, differing: dict[str, dict[str, None]]) -> None:
    # As strings: 3 and 3.0 differ in kind and not in what they say, and are counted all the same.
    label, own = (joined[column].cast(pl.String) for column in (name, OWN + name))
    differ = ((label != own) & label.is_not_null() & own.is_not_null()).fill_null(value=False)
    differing.setdefault(name, {}).update(dict.fromkeys(joined.filter(differ)[KEY].unique(maintain_order=True)))


def _said(differing: dict[str, dict[str, None]], context: Context) -> Iterator[Problem]:
    for name, sessions in differing.items():
        what = "is in the metadata too, whose values were taken where it has one"
        if sessions:
            count, first = counted(len(sessions), "session"), context.shown.ids(list(sessions))
            message = f"The column {what}; it differs in {count}: {first}."
            yield context.problem("metadata_differs", message, column=name, severity="warning")
        else:
            yield context.problem("metadata_over_column", f"The column {what}; they agree.", column=name)
