"""All files looked at, whatever is wrong with one: what is there, and what is to be done before scoring."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from alliancekit import schema
from alliancekit.errors import AllianceError, FileAccessError
from alliancekit.labels import counted
from alliancekit.readers.batches import batches
from alliancekit.readers.counts import Counts
from alliancekit.readers.expand import expand
from alliancekit.readers.options import options_of
from alliancekit.readers.problem import Problem
from alliancekit.readers.registry import reader_for
from alliancekit.readers.repeats import Repeats
from alliancekit.readers.scanning import find
from alliancekit.readers.session_labels import SessionLabels

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Unpack

    from alliancekit.readers.counts import OverLimit
    from alliancekit.readers.options import Choices, ReadOptions
    from alliancekit.readers.protocol import Batch
    from alliancekit.readers.scanning import Found
    from alliancekit.readers.sides import Sides


@dataclass(slots=True)
class Checked:
    """What `check` gives.

    Attributes:
        files: what each file holds, in order.
        total: all of them together.
        conditions: condition → number of sessions; None where there are no conditions.
        problems: errors, warnings and notes, in the order of the files.

    """

    files: list[Counts] = field(default_factory=list)
    total: Counts = field(default_factory=Counts)
    conditions: dict[str, int] | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether there is neither an error nor a warning."""
        return all(problem.severity == "note" for problem in self.problems)


def check(
    paths: str | PathLike[str] | Sequence[str | PathLike[str]],
    *,
    over_limit: OverLimit | None = None,
    limit: int | None = None,
    **choices: Unpack[Choices],
) -> Checked:
    r"""Look at transcripts without giving their turns; a file that cannot be read is a problem, and the next is read.

    Args:
        paths: a file, folder or pattern, or several.
        over_limit: tells of each text (String series) whether it has more tokens than the model reads (Boolean).
        limit: the most tokens that the model reads, for the message.
        **choices: how they are read: the fields of `ReadOptions`.

    Raises:
        FileAccessError, DataError, ParameterError: a choice is not allowed, or a side table cannot be used.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "a.csv").write_text("role,text\nclient,Hello.\ncounsellor,Good morning.\n")
    ...     _ = Path(folder, "b.csv").write_text("role,text\n")
    ...     checked = check(folder)
    >>> checked.total.turns, [problem.code for problem in checked.problems if problem.severity == "error"]
    (Counter({'patient': 1, 'therapist': 1}), ['unreadable'])

    """
    options = options_of(choices)
    checked = Checked()
    there = _there([paths] if isinstance(paths, (str, PathLike)) else paths, options, checked)
    if not there:
        return checked
    found = find(there, options)
    checked.problems.extend(found.problems)
    repeats, labels = Repeats(), SessionLabels()
    for path, of_file in found.options.items():
        counts = Counts(found.shown(path))
        for batch in _read(path, of_file, found, counts, checked):
            counts.add(batch, over_limit)
            repeats.add(batch, counts.path or path)
            labels.add(batch, counts.path or path)
        checked.files.append(counts)
        checked.total.merge(counts)
        checked.problems.extend(counts.problems(limit))
    checked.conditions = labels.conditions()
    checked.problems.extend((*found.sides.problems(), *one_sided(found.sides), *labels.problems(), *repeats.problems()))
    return checked


def one_sided(sides: Sides) -> Iterator[Problem]:
    """Say which sessions have turns of one role only, those aside that have lost the other by leaving speakers out."""
    presence = sides.presence
    for role in schema.ROLES:
        alone = [name for name, seen in presence.seen.items() if seen.roles == {role} and name not in presence.left_out]
        if alone:
            message = (
                f"{counted(len(alone), 'session')} with turns of the {role} only: {sides.shown.ids(alone)}. A gap "
                "needs both."
            )
            yield Problem(presence.seen[alone[0]].path, None, schema.ROLE, "one_sided", message, "warning")


def _there(paths: Sequence[str | PathLike[str]], options: ReadOptions, checked: Checked) -> list[str | PathLike[str]]:
    there = []
    for path in paths:
        try:
            expand([path], name=options.format)
        except FileAccessError as error:
            checked.problems.append(_error(Path(path), error))
        else:
            there.append(path)
    return there


def _read(path: Path, options: ReadOptions, found: Found, counts: Counts, checked: Checked) -> Iterator[Batch]:
    try:
        counts.format = reader_for(path, name=options.format).name
        for batch in batches(path, options, sides=found.sides):
            checked.problems.extend(batch.problems)
            yield batch
    except AllianceError as error:
        counts.failed = True
        checked.problems.append(_error(counts.path or path, found.error(path, error)))


def _error(shown: Path, error: AllianceError) -> Problem:
    return Problem(shown, None, None, "unreadable", str(error).removeprefix(f"{shown}: "), "error")
