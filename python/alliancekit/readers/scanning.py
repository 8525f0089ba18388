"""Files in, batches of canonical turns out, one after the other and never all at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from os import PathLike
from typing import TYPE_CHECKING

from alliancekit.errors import ParameterError
from alliancekit.readers.batches import batches, closed
from alliancekit.readers.compressed import plain_name
from alliancekit.readers.expand import expand
from alliancekit.readers.options import options_of
from alliancekit.readers.session_names import session_name, session_names
from alliancekit.readers.sides import read_sides

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from typing import Unpack

    from alliancekit.errors import AllianceError
    from alliancekit.readers.options import Choices, ReadOptions
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.protocol import Batch
    from alliancekit.readers.sides import Sides


@dataclass(frozen=True, slots=True)
class Found:
    """Files and what is needed to read them.

    Attributes:
        options: how each file is read, in order.
        problems: what was left out of folders.
        sides: what holds for all of them.

    """

    options: dict[Path, ReadOptions]
    problems: tuple[Problem, ...]
    sides: Sides

    def shown(self, path: Path) -> Path:
        """Give what one of the files is called in problems and outputs."""
        return self.sides.shown.path(path, session_name(path, self.options[path]))

    def error(self, path: Path, error: AllianceError) -> AllianceError:
        """Give an error of one of the files as it may be shown."""
        return self.sides.shown.error(error, path, session_name(path, self.options[path]))

    @property
    def files(self) -> tuple[Path, ...]:
        """The files, in order."""
        return tuple(self.options)


@dataclass(frozen=True, slots=True)
class Scan:
    """Transcripts found and not yet read.

    Attributes:
        files: those that will be read, in order.
        problems: what was left out of folders.
        batches: reads them; each batch has its file, rows and problems. To be gone through once.

    """

    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    batches: Iterator[Batch]


def scan(paths: str | PathLike[str] | Sequence[str | PathLike[str]], **choices: Unpack[Choices]) -> Scan:
    r"""Find transcripts, and read them batch by batch as `batches` is gone through: any size in little memory.

    It gives batches and no LazyFrame, since a row's problems have to travel with it, since an engine's row order is
    not to be relied on, and since an engine's errors quote the data. Turns that stand twice are found within a batch
    only; `read` finds them everywhere.

    Args:
        paths: a file, folder or pattern, or several.
        **choices: how they are read: the fields of `ReadOptions`.

    Raises:
        FileAccessError: a path stands for nothing.
        ParameterError: an argument is not of the form above.
        DataError: while `batches` is gone through: a file cannot be understood.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "talk.csv")
    ...     _ = path.write_text("role,text\nclient,Hello.\ncounsellor,Good morning.\n")
    ...     sum(batch.turns.height for batch in scan(folder).batches)
    2

    """
    return scan_files(paths, options_of(choices))


def scan_files(paths: str | PathLike[str] | Sequence[str | PathLike[str]], options: ReadOptions) -> Scan:
    """Do what `scan` does, with options made before."""
    return scan_found(find(paths, options))


def scan_found(found: Found) -> Scan:
    """Read what was found."""
    return Scan(found.files, found.problems, closed(_each(found), found.sides))


def find(paths: str | PathLike[str] | Sequence[str | PathLike[str]], options: ReadOptions) -> Found:
    """Find the files and read the side tables.

    Raises:
        FileAccessError, DataError, ParameterError: a path stands for nothing, or a side table is not to be used.

    """
    named = [paths] if isinstance(paths, (str, PathLike)) else list(paths)
    sides = read_sides(options)
    expanded = expand(named, name=options.format, without=sides.files)
    if not expanded.files:
        raise ParameterError("paths names no file.")
    names = session_names(expanded.files)
    sides.shown.known.update(names.values())
    own = {path: name if name != plain_name(path).stem else None for path, name in names.items()}
    of_files = sides.of_files(options)
    return Found(
        {path: replace(of_files, session_name=own[path]) for path in expanded.files},
        tuple(
            replace(problem, path=sides.shown.path(problem.path, problem.path.stem)) for problem in expanded.problems
        ),
        sides,
    )


def _each(found: Found) -> Iterator[Batch]:
    for path, options in found.options.items():
        yield from batches(path, options, sides=found.sides)
