"""Open files by their number: how one is opened, and how it is known again."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from alliancekit.errors import FileAccessError

if TYPE_CHECKING:
    from pathlib import Path


def opened(path: Path, flags: int, mode: int = 0o600) -> int:
    """Open a file.

    Raises:
        FileAccessError: the file system refuses, or it is a folder.

    """
    try:
        descriptor = os.open(path, flags, mode)
    except OSError as error:
        raise FileAccessError(f"{path}: cannot be opened: {error.strerror}.") from None
    if stat.S_ISDIR(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise FileAccessError(f"{path}: is a folder. Name a file.")
    return descriptor


def identity(descriptor: int) -> str:
    """Say which file it is, whatever its name: device and number."""
    found = os.fstat(descriptor)
    return f"{found.st_dev}:{found.st_ino}"
