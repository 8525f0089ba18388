"""The last step: the canonical turn table, checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.readers.protocol import Batch
from alliancekit.turns import canonical_turns

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.protocol import Table
    from alliancekit.readers.steps.context import Context


def check_turns(tables: Iterator[Table], context: Context) -> Iterator[Batch]:
    """Check what every canonical table has to be."""
    for table in tables:
        turns = canonical_turns(table.frame, place=context.place(table))
        yield Batch(turns, table.rows, table.problems, context.path, context.unit)
