"""A file's parsed tables made canonical, piece by piece."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError
from alliancekit.labels import is_label
from alliancekit.place import Place
from alliancekit.readers.protocol import Batch, Problem, ReadOptions
from alliancekit.readers.registry import reader_for
from alliancekit.turns import canonical_turns

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from alliancekit.readers.protocol import Table

SESSION_LIKE: Final = re.compile(
    r"session(?!_?(number|nr|no|date|length))|transcript|conversation|dialog|interview|call_?id", re.IGNORECASE
)


def batches(path: str | PathLike[str], options: ReadOptions | None = None) -> Iterator[Batch]:
    """Give a file's turns in canonical form, at most `options.batch_rows` rows at a time, in the file's order.

    A file without turn_index has its turns numbered from 0 in file order within each session; a file without
    session_id is one session by the name of the file. Either is said in a batch's problems. A turn that stands twice
    is found within a batch; `read` finds it everywhere.

    Args:
        path: the file; its suffix says the format.
        options: mapping of columns and roles, and size of a batch.

    Raises:
        FileAccessError: the file cannot be opened.
        DataError: it cannot be understood; `ColumnError` and `RoleError` for its columns and roles.

    """
    path = Path(path)
    options = options or ReadOptions()
    counts: Counter[object] = Counter()
    for number, table in enumerate(reader_for(path).tables(path, options)):
        frame, assumed = _with_keys(table, path, options, counts)
        place = Place(path, table.rows)
        turns = canonical_turns(frame, columns=options.columns, roles=options.roles, place=place)
        yield Batch(turns, table.rows, table.problems + (assumed if number == 0 else ()))


def _with_keys(
    table: Table, path: Path, options: ReadOptions, counts: Counter[object]
) -> tuple[pl.DataFrame, tuple[Problem, ...]]:
    frame, problems = table.frame, []
    if schema.SESSION_ID not in options.columns and schema.SESSION_ID not in frame.columns:
        _refuse_other_session([name for name in frame.columns if name not in options.columns.values()], path)
        frame = frame.with_columns(pl.lit(path.stem).alias(schema.SESSION_ID))
        message = "There is no session_id: the file is taken as one session by the name of the file."
        problems.append(Problem(path, None, schema.SESSION_ID, "session_id_from_file", message))
    session = options.columns.get(schema.SESSION_ID, schema.SESSION_ID)
    unnumbered = schema.TURN_INDEX not in options.columns and schema.TURN_INDEX not in frame.columns
    if unnumbered and session in frame.columns:
        frame = _numbered(frame, session, counts)
        message = "There is no turn_index: turns are numbered from 0 in file order within each session."
        problems.append(Problem(path, None, schema.TURN_INDEX, "turn_index_from_order", message))
    return frame, tuple(problems)


def _refuse_other_session(names: list[str], path: Path) -> None:
    # Taking a file of many sessions for one would be wrong in silence, so a name that may be the id is asked about.
    like = [name for name in names if is_label(name) and SESSION_LIKE.search(name)]
    if like:
        raise ColumnError(
            f"{path}: there is no session_id, and the column '{like[0]}' may be it. "
            f'Map it with columns={{"session_id": "{like[0]}"}} (command line: --map session_id={like[0]}), '
            "or rename that column if the file is one session."
        )


def _numbered(frame: pl.DataFrame, session: str, counts: Counter[object]) -> pl.DataFrame:
    sessions = frame[session]
    before = pl.Series([counts[name] for name in sessions.to_list()], dtype=pl.Int64)
    within = frame.select(pl.int_range(pl.len(), dtype=pl.Int64).over(session)).to_series()
    counts.update(sessions.to_list())
    return frame.with_columns((within + before).alias(schema.TURN_INDEX))
