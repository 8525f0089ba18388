"""A file without session_id is one session; turns without turn_index are numbered in the file's order."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError
from alliancekit.labels import is_label
from alliancekit.readers.protocol import Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.problem import Problem
    from alliancekit.readers.steps.context import Context

SESSION_LIKE: Final = re.compile(
    r"session(?!_?(number|nr|no|date|length))|transcript|conversation|dialog|interview|call[_ ]?id", re.IGNORECASE
)


def add_keys(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Add session_id and turn_index where the file has none, and say so once."""
    counts: Counter[object] = Counter()
    said = False
    for table in tables:
        frame, problems = _with_session(table.frame, context)
        if schema.TURN_INDEX not in frame.columns:
            frame = _numbered(frame, counts)
            message = "There is no turn_index: turns are numbered from 0 in file order within each session."
            problems.append(context.problem("turn_index_from_order", message, column=schema.TURN_INDEX))
        yield Table(frame, table.rows, table.problems + (() if said else tuple(problems)))
        said = True


def _with_session(frame: pl.DataFrame, context: Context) -> tuple[pl.DataFrame, list[Problem]]:
    if schema.SESSION_ID in frame.columns:
        return frame, []
    mapped = context.options.columns.values()
    _refuse_other_session([name for name in frame.columns if name not in mapped], context.path)
    message = "There is no session_id: the file is taken as one session by the name of the file."
    if context.options.session_name is not None:
        message = (
            "There is no session_id, and a file in another folder has the same name: the session is named by the path, "
            f"{context.shown.id(context.name)}."
        )
    problem = context.problem("session_id_from_file", message, column=schema.SESSION_ID)
    return frame.with_columns(pl.lit(context.name).alias(schema.SESSION_ID)), [problem]


def _refuse_other_session(names: list[str], path: Path) -> None:
    # Taking a file of many sessions for one would be wrong in silence, so a name that may be the id is asked about.
    like = [name for name in names if is_label(name) and SESSION_LIKE.search(name)]
    if like:
        raise ColumnError(
            f"{path}: there is no session_id, and the column '{like[0]}' may be it. "
            f'Map it with columns={{"session_id": "{like[0]}"}} (command line: --map session_id={like[0]}), '
            "or rename that column if the file is one session."
        )


def _numbered(frame: pl.DataFrame, counts: Counter[object]) -> pl.DataFrame:
    runs = frame.select(
        pl.col(schema.SESSION_ID),
        within=pl.int_range(pl.len(), dtype=pl.Int64).over(schema.SESSION_ID),
    )
    sizes = runs[schema.SESSION_ID].value_counts(name="n")
    before = pl.Series([counts[name] for name in sizes[schema.SESSION_ID]], dtype=pl.Int64)
    offset = runs[schema.SESSION_ID].replace_strict(sizes[schema.SESSION_ID], before, return_dtype=pl.Int64)
    counts.update(dict(sizes.iter_rows()))
    return frame.with_columns((runs["within"] + offset).alias(schema.TURN_INDEX))
