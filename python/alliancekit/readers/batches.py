"""A file's parsed tables made canonical, piece by piece."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alliancekit.errors import AllianceError, DataError, RoleError
from alliancekit.readers.compressed import is_compressed, unpacked
from alliancekit.readers.options import ReadOptions
from alliancekit.readers.registry import reader_for
from alliancekit.readers.session_names import session_name
from alliancekit.readers.sides import read_sides
from alliancekit.readers.steps.canonical import check_turns
from alliancekit.readers.steps.columns import name_columns
from alliancekit.readers.steps.context import Context
from alliancekit.readers.steps.guess_roles import guess_roles, offered, recorded
from alliancekit.readers.steps.keys import add_keys
from alliancekit.readers.steps.labels import join_metadata
from alliancekit.readers.steps.left_out import leave_out
from alliancekit.readers.steps.merging import merge_turns
from alliancekit.readers.steps.non_speech import treat_non_speech
from alliancekit.readers.steps.pseudonymising import pseudonymise
from alliancekit.readers.steps.setting_aside import set_aside_keys, set_aside_repeated
from alliancekit.readers.steps.speakers import assign_roles
from alliancekit.readers.steps.transforming import transform_texts
from alliancekit.readers.steps.turn_times import times_in_seconds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike

    from alliancekit.readers.problem import Problem
    from alliancekit.readers.protocol import Batch, Format, Table
    from alliancekit.readers.sides import Sides
    from alliancekit.readers.steps.guess import Guess

NAMING_STEPS: Final = (name_columns, add_keys)
"""What a guess of roles needs."""
STEPS: Final = (
    times_in_seconds,
    set_aside_keys,
    assign_roles,
    treat_non_speech,
    merge_turns,
    leave_out,
    transform_texts,
    join_metadata,
    pseudonymise,
    set_aside_repeated,
)
"""In this order, after the naming. Turns are numbered before any is left out, so that the numbers are the file's. A
speaker who is left out still comes between two utterances of another."""


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
        sides: what holds for all files of a call, where the caller reads several; it is for the caller then to ask
            for `Sides.problems` after the last.

    Raises:
        FileAccessError: the file cannot be opened.
        DataError: it cannot be understood; `ColumnError` and `RoleError` for its columns and roles.

    """
    options = options or ReadOptions()
    if sides is not None:
        yield from _batches(Path(path), options, sides)
        return
    own = read_sides(options)
    own.shown.known.add(Path(path).stem)
    yield from closed(_batches(Path(path), own.of_files(options), own), own)


def closed(found: Iterator[Batch], sides: Sides) -> Iterator[Batch]:
    """Give the batches, and after the last one the problems that show only when every file is read."""
    last: Batch | None = None
    for last in found:
        yield last
    problems = sides.problems()
    if last is not None and problems:
        yield replace(last, turns=last.turns.clear(), rows=last.rows.clear(), problems=problems)


def _batches(path: Path, options: ReadOptions, sides: Sides) -> Iterator[Batch]:
    try:
        yield from _read(path, options, sides)
    except AllianceError as error:
        raise sides.shown.error(error, path, session_name(path, options)) from None


def _read(path: Path, options: ReadOptions, sides: Sides) -> Iterator[Batch]:
    known = reader_for(path, name=options.format)
    context = Context(path, options, known.unit, sides)
    said: tuple[Problem, ...] = ()
    if options.guess_roles:
        guesses = _guesses(known, context)
        said = tuple(recorded(guesses, context))
        context = replace(context, guessed={session: guess.folded() for session, guess in guesses.items()})
    try:
        for batch in check_turns(_stepped(known, context), context):
            yield replace(batch, problems=(*said, *batch.problems))
            said = ()
    except RoleError as error:
        raise offered(error, lambda: _guesses(known, context), context) from None


def _named(known: Format, context: Context) -> Iterator[Table]:
    tables = _parsed(known, context)
    for step in NAMING_STEPS:
        tables = step(tables, context)
    return tables


def _parsed(known: Format, context: Context) -> Iterator[Table]:
    """Parse the file; what is said of the unpacked content of a packed one is said of the file."""
    if not is_compressed(context.path):
        yield from known.tables(context.path, context.options)
        return
    with unpacked(context.path, context.sides.spool) as plain:
        try:
            for table in known.tables(plain, context.options):
                said = (
                    replace(problem, path=context.path) if problem.path == plain else problem
                    for problem in table.problems
                )
                yield replace(table, problems=tuple(said))
        except DataError as error:
            raise type(error)(str(error).replace(str(plain), str(context.path))) from None


def _stepped(known: Format, context: Context) -> Iterator[Table]:
    tables = _named(known, context)
    for step in STEPS:
        tables = step(tables, context)
    return tables


def _guesses(known: Format, context: Context) -> dict[str, Guess]:
    return guess_roles(_named(known, context), context)
