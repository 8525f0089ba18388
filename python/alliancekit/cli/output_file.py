"""The output is checked before the work that goes into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.errors import FileAccessError, ParameterError
from alliancekit.files import TABLE_SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def check_output(path: Path, *, force: bool) -> None:
    """Refuse an output that cannot be written, or that would replace a file without being told to.

    Raises:
        ParameterError: the suffix is neither ``.parquet`` nor ``.csv``, or the file exists and `force` is false.
        FileAccessError: there is no such folder, or the path is a folder.

    """
    _check(path, TABLE_SUFFIXES, force=force)


def check_json_output(path: Path, *, force: bool) -> None:
    """Refuse an output as `check_output` does, for a file that ends in ``.json``."""
    _check(path, (".json",), force=force)


def _check(path: Path, suffixes: Sequence[str], *, force: bool) -> None:
    if path.suffix.lower() not in suffixes:
        raise ParameterError(f"{path}: the output ends in {' or '.join(suffixes)}.")
    if path.is_dir():
        raise FileAccessError(f"{path}: is a folder. Name a file.")
    if not path.absolute().parent.is_dir():
        raise FileAccessError(f"{path}: there is no folder '{path.parent}'. Make it first.")
    if path.exists() and not force:
        raise ParameterError(f"{path}: exists. Name another file, or replace it with --force.")
