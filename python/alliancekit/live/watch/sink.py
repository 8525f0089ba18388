"""Where output lines go: a file, whose length is known after a crash, or a pipe, whose reader knows what it got."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, Any

from alliancekit.errors import FileAccessError, ParameterError
from alliancekit.live.watch.descriptors import identity, opened

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Sink:
    """Writes output.

    Args:
        path: a file; None is standard output.
        place: `place` of a run before; a file is cut to the length that it had then.
        force: replace a file that is there and not from a run before.

    Raises:
        ParameterError: the file is there, and not from a run before.
        FileAccessError: it cannot be opened.

    """

    def __init__(self, path: Path | None, place: Mapping[str, Any] | None, *, force: bool = False) -> None:
        self._name = "standard output" if path is None else str(path)
        self._fd = 1 if path is None else opened(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        self.is_file = stat.S_ISREG(os.fstat(self._fd).st_mode)
        if not self.is_file:
            return
        found = os.fstat(self._fd)
        known = place is not None and place["file"] == identity(self._fd) and place["size"] <= found.st_size
        if path is not None and not known and found.st_size and not force:
            raise ParameterError(f"{path}: exists, and is not from a run before. Name another file, or --force.")
        if known and place is not None:
            os.ftruncate(self._fd, place["size"])
        elif path is not None:
            os.ftruncate(self._fd, 0)
        os.lseek(self._fd, 0, os.SEEK_END)

    @property
    def place(self) -> dict[str, Any] | None:
        """The file and its length; None for a pipe."""
        return {"file": identity(self._fd), "size": os.fstat(self._fd).st_size} if self.is_file else None

    def write(self, data: bytes) -> None:
        """Write all of it.

        Raises:
            FileAccessError: the disk is full, or the pipe's reader has gone.

        """
        left = memoryview(data)
        try:
            while left:
                left = left[os.write(self._fd, left) :]
        except BrokenPipeError:
            raise FileAccessError(f"{self._name}: its reader has gone.") from None
        except OSError as error:
            raise FileAccessError(f"{self._name}: cannot be written: {error.strerror}.") from None

    def to_disk(self) -> None:
        """Have what was written survive a loss of power."""
        if self.is_file:
            os.fsync(self._fd)

    def close(self) -> None:
        """Let go of a file; standard output stays open."""
        if self._fd != 1:
            os.close(self._fd)
