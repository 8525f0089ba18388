"""The one door through which files are written, so that a test can let any step fail or be the last."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from pathlib import Path


class Storage:
    """The steps of which every durable write consists; each may raise OSError.

    >>> import tempfile
    >>> from pathlib import Path
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with DISK.open(Path(folder, "new")) as file:
    ...         _ = file.write(b"whole")
    ...         DISK.sync(file)
    ...     DISK.rename(Path(folder, "new"), Path(folder, "name"))
    ...     DISK.sync_folder(Path(folder))
    ...     Path(folder, "name").read_bytes()
    b'whole'

    """

    def make_folder(self, path: Path, *, mode: int = 0o777) -> None:
        """Make a folder whose parent is there; one that is there already is taken."""
        path.mkdir(mode=mode, exist_ok=True)

    def open(self, path: Path) -> BinaryIO:
        """Open a new file for writing."""
        return path.open("xb")

    def sync(self, file: BinaryIO) -> None:
        """Bring the content of an open file to the disk."""
        file.flush()
        os.fsync(file.fileno())

    def rename(self, old: Path, new: Path) -> None:
        """Give a file another name in the same folder; a file of that name is replaced."""
        old.replace(new)

    def sync_folder(self, path: Path) -> None:
        """Bring the names in a folder to the disk."""
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def remove(self, path: Path) -> None:
        """Remove a file that may be there."""
        path.unlink(missing_ok=True)

    def remove_folder(self, path: Path) -> None:
        """Remove an empty folder."""
        path.rmdir()


DISK: Final = Storage()
"""The file system as it is."""
