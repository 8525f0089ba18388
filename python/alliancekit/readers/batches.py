"""A file's parsed tables made canonical, piece by piece."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from alliancekit.readers.options import ReadOptions
from alliancekit.readers.registry import reader_for
from alliancekit.readers.sides import read_sides
from alliancekit.readers.steps.canonical import check_turns
from alliancekit.readers.steps.columns import name_columns
from alliancekit.readers.steps.context import Context
from alliancekit.readers.steps.keys import add_keys
from alliancekit.readers.steps.left_out import leave_out
from alliancekit.readers.steps.speakers import assign_roles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from alliancekit.readers.protocol import Batch
    from alliancekit.readers.sides import Sides

STEPS: Final = (name_columns, add_keys, assign_roles, leave_out)
"""In this order. Turns are numbered before any is left out, so that the numbers are those of the file."""


def batches(
    path: str | PathLike[str], options: ReadOptions | None = None, *, sides: Sides | None = None
) -> Iterator[Batch]:
    """Give a file's turns in canonical form, at most `options.batch_rows` rows at a time, in the file's order.

    A file without turn_index has its turns numbered from 0 in file order within each session; a file without
    session_id is one session by the name of the file. Either is said in a batch's problems. A turn that stands twice
    is found within a batch; `read` finds it everywhere. A batch may have no turns, and problems only.

    Args:
        path: the file, or the folder of a corpus that is one.
        options: mapping of columns and roles, choices, and size of a batch.
        sides: the side tables that the options name, where the caller reads several files with them.

    Raises:
        FileAccessError: the file cannot be opened.
        DataError: it cannot be understood; `ColumnError` and `RoleError` for its columns and roles.

    """
    path = Path(path)
    options = options or ReadOptions()
    known = reader_for(path, name=options.format)
    context = Context(path, options, known.unit, sides or read_sides(options))
    tables = known.tables(path, options)
    for step in STEPS:
        tables = step(tables, context)
    yield from check_turns(tables, context)
