"""Open files by their number: how one is opened, and how it is known again."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from alliancekit.errors import FileAccessError

if TYPE_CHECKING:
    from pathlib import Path


def opened(path: Path, flags: int, mode: int = 0o600) -> int:
    """Open a file.

    Raises:
        FileAccessError: the file system refuses.

    """
    try:
        return os.open(path, flags, mode)
    except OSError as error:
        raise FileAccessError(f"{path}: cannot be opened: {error.strerror}.") from None


def identity(descriptor: int) -> str:
    """Say which file it is, whatever its name: device and number."""
    found = os.fstat(descriptor)
    return f"{found.st_dev}:{found.st_ino}"
