"""Files, folders and patterns to a list of files."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alliancekit.errors import DataError, FileAccessError
from alliancekit.readers.compressed import plain_name
from alliancekit.readers.no_transcripts import is_hidden, is_no_transcript, passed_over
from alliancekit.readers.problem import Problem
from alliancekit.readers.registry import SAVE_AS, SUFFIXES, corpus_of, format_named, of_suffix, recognise

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from os import PathLike


@dataclass(frozen=True, slots=True)
class Expanded:
    """The files to read, and what was left out.

    Attributes:
        files: as named first, folders and patterns in sorted order; each file once. A folder that is a corpus as a
            whole (ConvoKit's) is one of them.
        problems: a note (``passed_over``) for the files of a folder that are no transcripts by their names, a warning
            (``left_out``) for each other one that no reader knows.

    """

    files: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()


def expand(
    paths: Sequence[str | PathLike[str]], *, name: str | None = None, without: Collection[Path] = ()
) -> Expanded:
    """Give the files that the paths stand for.

    Args:
        paths: files; folders, of which every file that a format recognises is taken, subfolders included; patterns such
            as ``talks/*.csv``, where no file of that very name is there.
        name: key of the one format that files of folders are taken of.
        without: files that are no transcripts wherever they lie, such as a side table.

    Raises:
        FileAccessError: a path stands for nothing.
        ParameterError: `name` is no format's key.

    >>> expand([])
    Expanded(files=(), problems=())

    """
    files: dict[Path, Path] = {}
    problems: list[Problem] = []
    unwanted = {path.resolve() for path in without}
    for path in paths:
        for file, problem in _expand_one(Path(path), name):
            if file.resolve() in unwanted:
                continue
            if problem is None:
                files.setdefault(file.resolve(), file)
            else:
                problems.append(problem)
    return Expanded(tuple(files.values()), tuple(problems))


def _expand_one(path: Path, name: str | None) -> list[tuple[Path, Problem | None]]:
    if path.is_dir():
        return _in_folder(path, name)
    if path.exists():
        return [(path, None)]
    matches = sorted(Path(match) for match in glob.glob(str(path), recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns
    if not matches:
        raise FileAccessError(f"{path}: no such file or folder.")
    return [found for match in matches for found in _expand_one(match, name)]


def _in_folder(folder: Path, name: str | None) -> list[tuple[Path, Problem | None]]:
    if corpus_of(folder):
        return [(folder, None)]
    walked = list(_walk(folder))
    found = [(path, _left_out(path, name)) for path in walked if not is_hidden(path)]
    if all(problem is not None for _, problem in found):
        raise FileAccessError(
            f"{folder}: no file in this folder has a known suffix and content ({', '.join(SUFFIXES)})."
        )
    none = {path for path, problem in found if problem is not None and is_no_transcript(path)}
    over = passed_over(folder, [path for path in walked if path in none or is_hidden(path)])
    return [*(one for one in found if one[0] not in none), *((folder, problem) for problem in over)]


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        # A linked folder may lead back to this one.
        if not path.is_dir() or corpus_of(path) or is_hidden(path):
            yield path
        elif not path.is_symlink():
            yield from _walk(path)


def _left_out(path: Path, name: str | None) -> Problem | None:
    if path.is_dir():
        return None
    if not of_suffix(path):
        hint = SAVE_AS.get(path.suffix.lower())
        message = f"Left out: no reader for '{path.suffix}'.{f' {hint}' if hint else ''}"
        return Problem(path, None, None, "left_out", message, "warning")
    if name is not None:
        wanted = format_named(name)
        known = plain_name(path).suffix.lower() in wanted.suffixes
        message = f"Left out: {wanted.name} goes by {', '.join(wanted.suffixes)}."
    else:
        known = _is_known(path)
        content = "the file is empty" if path.stat().st_size == 0 else "the content is of no format known"
        message = f"Left out: {content}."
    return None if known else Problem(path, None, None, "left_out", message, "warning")


def _is_known(path: Path) -> bool:
    try:
        return recognise(path) is not None
    except DataError:
        return True  # a packed file that is damaged: whoever reads it says so
