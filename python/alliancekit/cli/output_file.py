"""The output is checked before the work that goes into it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from alliancekit.errors import FileAccessError, ParameterError
from alliancekit.files import TABLE_SUFFIXES
from alliancekit.labels import printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def is_folder(path: Path, *, force: bool) -> bool:
    """Tell whether an output is a folder of parts: it has neither of the two suffixes, and no other.

    Raises:
        ParameterError: `force` is asked for, and a folder is never replaced.

    >>> from pathlib import Path
    >>> is_folder(Path("scores"), force=False), is_folder(Path("scores.csv"), force=False)
    (True, False)

    """
    if path.suffix and not path.is_dir():
        return False
    if path.suffix.lower() in TABLE_SUFFIXES:
        return False
    if force:
        raise ParameterError(f"{path}: --force replaces a file, and no folder. Delete the folder, or name another.")
    return True


def check_output(path: Path, *, force: bool, suffixes: Sequence[str] = TABLE_SUFFIXES) -> None:
    """Refuse an output that cannot be written, or that would replace a file without being told to.

    Raises:
        ParameterError: the suffix is none of `suffixes`, or the file exists and `force` is false.
        FileAccessError: there is no such folder, or the path is a folder.

    """
    if path.suffix.lower() not in suffixes:
        raise ParameterError(f"{path}: the output ends in {' or '.join(suffixes)}.")
    if path.is_dir():
        raise FileAccessError(f"{path}: is a folder. Name a file.")
    if not path.absolute().parent.is_dir():
        raise FileAccessError(f"{path}: there is no folder '{path.parent}'. Make it first.")
    if path.exists() and not force:
        raise ParameterError(f"{path}: exists. Name another file, or replace it with --force.")


def say_written(path: Path) -> None:
    """Say on stderr where the output is."""
    sys.stderr.write(f"written to {printable(str(path))}\n")
