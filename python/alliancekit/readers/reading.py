"""Files in, one canonical turn table out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from alliancekit.errors import ColumnError, DataError
from alliancekit.labels import listing, quoted
from alliancekit.readers.options import options_of
from alliancekit.readers.problem import Problem
from alliancekit.readers.scanning import find, scan_found
from alliancekit.turns import first_repeated

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike
    from pathlib import Path
    from typing import Unpack

    from alliancekit.readers.options import Choices
    from alliancekit.readers.protocol import Batch
    from alliancekit.readers.scanning import Found


@dataclass(frozen=True, slots=True)
class ReadResult:
    """What `read` gives.

    Attributes:
        turns: canonical turn table, a row per turn, in the order of the files and of their rows.
        problems: what was assumed, found or left out; nothing else was changed.
        files: the files read, in order.

    """

    turns: pl.DataFrame
    problems: tuple[Problem, ...]
    files: tuple[Path, ...]


def read(paths: str | PathLike[str] | Sequence[str | PathLike[str]], **choices: Unpack[Choices]) -> ReadResult:
    r"""Read transcripts into one canonical turn table.

    Args:
        paths: a file, folder or pattern, or several.
        **choices: how they are read: the fields of `ReadOptions`. `columns` (canonical name → name in the data) and
            `roles` (name in the data → `patient` or `therapist`) are what is needed most.

    Raises:
        FileAccessError: a file is not there or cannot be opened.
        DataError: a file cannot be understood, or a turn stands there twice; `ColumnError` and `RoleError` for
            columns and roles.
        ParameterError: an argument is not of the form above.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "talk.csv")
    ...     _ = path.write_text("speaker,said\nclient,Hello.\ncounsellor,Good morning.\n")
    ...     result = read(path, columns={"role": "speaker", "text": "said"})
    >>> result.turns["role"].to_list(), [problem.code for problem in result.problems]
    (['patient', 'therapist'], ['session_id_from_file', 'turn_index_from_order'])

    """
    found = find(paths, options_of(choices))
    read_in = list(scan_found(found).batches)
    turns, unlike = _joined(read_in, found)
    _refuse_repeated(turns, read_in, found)
    in_files = (problem for batch in read_in for problem in batch.problems)
    return ReadResult(turns, (*found.problems, *in_files, *unlike), found.files)


def _joined(read_in: list[Batch], found: Found) -> tuple[pl.DataFrame, list[Problem]]:
    frames = [batch.turns for batch in read_in]
    first_path, first = found.shown(read_in[0].path), frames[0].schema
    problems: dict[tuple[Path, str], Problem] = {}
    for batch in read_in[1:]:
        path = found.shown(batch.path)
        for name in sorted(set(first) ^ set(batch.turns.schema)):
            message = f"{quoted(name)} is not in both this file and {first_path}; it is null where it is not."
            problems[path, name] = Problem(path, None, name, "column_not_everywhere", message)
        for name, dtype in batch.turns.schema.items():
            if name in first and first[name] != dtype:
                message = f"{quoted(name)} holds {dtype}, and {first[name]} in {first_path}; a type for both is used."
                problems[path, name] = Problem(path, None, name, "column_types_differ", message)
    try:
        return pl.concat(frames, how="diagonal_relaxed"), list(problems.values())
    except pl.exceptions.PolarsError:
        names = sorted({name for _, name in problems})
        raise ColumnError(f"The files cannot be put together: the types of {listing(names)} differ too much.") from None


def _refuse_repeated(turns: pl.DataFrame, read_in: list[Batch], found: Found) -> None:
    repeated = first_repeated(turns)
    if repeated is None:
        return
    count, first, second = repeated
    raise DataError(
        f"{count} of {turns.height} turns share their session_id and turn_index with another, first "
        f"{_place(first, read_in, found)} and {_place(second, read_in, found)}. Give sessions of different files "
        "different ids, or leave out the file that repeats another."
    )


def _place(position: int, read_in: list[Batch], found: Found) -> str:
    for batch in read_in:
        if position < len(batch.rows):
            return f"{found.shown(batch.path)}, {batch.unit} {batch.rows[position]},"
        position -= len(batch.rows)
    raise IndexError(position)
