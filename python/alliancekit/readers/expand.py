"""Files, folders and patterns to a list of files."""

from __future__ import annotations

import glob
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alliancekit.errors import FileAccessError
from alliancekit.readers.protocol import Problem
from alliancekit.readers.registry import BY_SUFFIX

if TYPE_CHECKING:
    from collections.abc import Sequence
    from os import PathLike


@dataclass(frozen=True, slots=True)
class Expanded:
    """The files to read, and what was left out.

    Attributes:
        files: as named first, folders and patterns in sorted order; each file once.
        problems: a note (code ``left_out``) for each file of a folder that no reader knows.

    """

    files: tuple[Path, ...]
    problems: tuple[Problem, ...] = ()


def expand(paths: Sequence[str | PathLike[str]]) -> Expanded:
    """Give the files that the paths stand for.

    Args:
        paths: files; folders, of which every file with a known suffix is taken, subfolders included and hidden files
            left out; patterns such as ``talks/*.csv``, where no file of that very name is there.

    Raises:
        FileAccessError: a path stands for nothing.

    >>> expand([])
    Expanded(files=(), problems=())

    """
    files: dict[Path, Path] = {}
    problems: list[Problem] = []
    for path in paths:
        known, unknown = _expand_one(Path(path))
        files.update((file.resolve(), file) for file in known if file.resolve() not in files)
        problems.extend(_left_out(file) for file in unknown)
    return Expanded(tuple(files.values()), tuple(problems))


def _expand_one(path: Path) -> tuple[list[Path], list[Path]]:
    if path.is_dir():
        return _in_folder(path)
    if path.exists():
        return [path], []
    matches = sorted(Path(name) for name in glob.glob(str(path), recursive=True))  # noqa: PTH207 - Path.glob refuses absolute patterns
    if not matches:
        raise FileAccessError(f"{path}: no such file or folder.")
    found = [_expand_one(match) for match in matches]
    return [file for known, _ in found for file in known], [file for _, unknown in found for file in unknown]


def _in_folder(folder: Path) -> tuple[list[Path], list[Path]]:
    inside = sorted(folder.rglob("*"))
    files = [file for file in inside if file.is_file() and not _is_hidden(file, folder)]
    known = [file for file in files if file.suffix.lower() in BY_SUFFIX]
    if not known:
        raise FileAccessError(f"{folder}: no file in this folder has a known suffix ({', '.join(BY_SUFFIX)}).")
    return known, [file for file in files if file.suffix.lower() not in BY_SUFFIX]


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def _left_out(path: Path) -> Problem:
    return Problem(path, None, None, "left_out", f"Left out: no reader for '{path.suffix}'.", "warning")
