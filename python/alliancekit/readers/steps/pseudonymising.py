"""Session, patient and therapist ids are replaced by keyed hashes, where the caller gives a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.labels import listing
from alliancekit.readers.protocol import Table
from alliancekit.readers.pseudonyms import COLUMNS
from alliancekit.readers.steps.ending import ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

    from alliancekit.readers.steps.context import Context


def pseudonymise(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Replace the ids that are there, and say which columns were left as they are."""
    pseudonyms = context.sides.shown.pseudonyms
    if pseudonyms is None:
        yield from tables
        return
    last: pl.DataFrame | None = None
    for table in tables:
        there = {name: kind for name, kind in COLUMNS.items() if name in table.frame.columns}
        last = table.frame.with_columns(pseudonyms.column(kind, table.frame[name]) for name, kind in there.items())
        yield Table(last, table.rows, table.problems)
    if last is not None:
        replaced = [name for name in COLUMNS if name in last.columns]
        others = [name for name in last.columns if name not in COLUMNS]
        message = (
            f"The ids in {listing(replaced)} were replaced by keyed hashes, and nothing else: "
            f"texts and the columns {listing(others)} are as they were and may name people."
        )
        yield ending(last, context.problem("pseudonymised", message))
