"""What a format that is no table gives: turns and problems one by one, gathered into tables here."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.readers.problem import Problem
from alliancekit.readers.protocol import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions


class Turn(NamedTuple):
    """A turn as a format's parser gives it.

    Attributes:
        row: its 1-based number in the file, in the format's unit.
        speaker: the speaker's name or role as the file has it, None where it names none.
        text: what was said, as the file has it, markup resolved; None where the file says nothing of it.
        values: the further columns, by name; one that is left out is null.

    """

    row: int
    speaker: str | None
    text: str | None
    values: Mapping[str, object] = {}


def tables_by(
    parse: Callable[[Path, ReadOptions], Iterator[Turn | Problem]],
    columns: Mapping[str, type[pl.DataType] | pl.DataType] | None = None,
) -> Callable[[Path, ReadOptions], Iterator[Table]]:
    """Make a format's `tables` of a parser that gives turn by turn.

    Args:
        parse: gives a file's turns in its order, and problems between them.
        columns: the further columns that `Turn.values` may hold, with their types. Without ``session_id`` the file is
            one session by its name; without ``turn_index`` turns are numbered from 0 in each session, as given.

    """
    first = {schema.TURN_INDEX: pl.Int64(), schema.ROLE: pl.String(), schema.TEXT: pl.String()}
    dtypes = {**first, **(columns or {})}

    def tables(path: Path, options: ReadOptions) -> Iterator[Table]:
        counts: Counter[object] = Counter()
        turns: list[Turn] = []
        problems: list[Problem] = []
        empty = True
        for item in parse(path, options):
            if isinstance(item, Problem):
                problems.append(item)
                continue
            turns.append(item)
            if len(turns) == options.batch_rows:
                yield _table(_numbered(turns, counts), tuple(problems), dtypes, path)
                turns, problems, empty = [], [], False
        if empty and not turns:
            raise DataError(f"{path}: no turn was found in the file.")
        if turns or problems:
            yield _table(_numbered(turns, counts), tuple(problems), dtypes, path)

    return tables


def _numbered(turns: list[Turn], counts: Counter[object]) -> list[Turn]:
    numbered = []
    for turn in turns:
        session = turn.values.get(schema.SESSION_ID)
        numbered.append(turn._replace(values={schema.TURN_INDEX: counts[session], **turn.values}))
        counts[session] += 1
    return numbered


def _table(
    turns: list[Turn],
    problems: tuple[Problem, ...],
    dtypes: Mapping[str, type[pl.DataType] | pl.DataType],
    path: Path,
) -> Table:
    columns: dict[str, list[object]] = {
        schema.ROLE: [turn.speaker for turn in turns],
        schema.TEXT: [turn.text for turn in turns],
    }
    columns |= {name: [turn.values.get(name) for turn in turns] for name in dtypes if name not in columns}
    try:
        # Strict: a value of another type is a mistake of the parser, and no null in silence.
        frame = pl.DataFrame({name: pl.Series(columns[name], dtype=dtype) for name, dtype in dtypes.items()})
    except UnicodeEncodeError:
        raise DataError(f"{path}: a text has half of a surrogate pair: a character was cut in two.") from None
    return Table(frame, pl.Series([turn.row for turn in turns], dtype=pl.UInt32), problems)
