"""The name of the session that a file is, where the file says none: its own name, or its path where names are alike."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from alliancekit.readers.compressed import plain_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.readers.options import ReadOptions


def session_name(path: Path, options: ReadOptions) -> str:
    """Give the name that a format makes session ids of; unlike ``path.stem`` it is unique among the files of a call.

    >>> from alliancekit.readers.options import ReadOptions
    >>> session_name(Path("talks/monday.vtt"), ReadOptions())
    'monday'
    """
    return plain_name(path).stem if options.session_name is None else options.session_name


def session_names(files: Sequence[Path]) -> dict[Path, str]:
    """Name each file: by its stem; those of one stem in different folders by their path from the folder they share.

    >>> session_names([Path("a/monday.vtt"), Path("b/monday.vtt"), Path("b/friday.vtt")])
    {PosixPath('a/monday.vtt'): 'a/monday', PosixPath('b/monday.vtt'): 'b/monday', PosixPath('b/friday.vtt'): 'friday'}
    """
    alike: dict[str, list[Path]] = {}
    for path in files:
        alike.setdefault(plain_name(path).stem, []).append(path)
    return {path: _name(path, alike[plain_name(path).stem]) for path in files}


def _name(path: Path, alike: Sequence[Path]) -> str:
    folders = {_where(other).parent for other in alike}
    if len(folders) == 1:
        return plain_name(path).stem
    shared = Path(os.path.commonpath(folders))
    return _where(path).relative_to(shared).with_name(plain_name(path).stem).as_posix()


def _where(path: Path) -> Path:
    # Not resolved: a link is named by where it lies, not by where it leads.
    return Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute leaves the ".." in
