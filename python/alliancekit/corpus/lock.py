"""One writer to a folder: a lock that ends with the process, whatever ends it."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from alliancekit.errors import FileAccessError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.corpus.layout import Layout
    from alliancekit.storage import Storage


@contextmanager
def locked(layout: Layout, storage: Storage) -> Iterator[None]:
    """Hold the folder of a run, made where it is not there; `unfinished` goes at the end if nothing else is in it.

    Raises:
        FileAccessError: another process holds it, or the file system refuses.

    """
    try:
        storage.make_folder(layout.folder)
        # What is in it may name people.
        storage.make_folder(layout.unfinished, mode=0o700)
        for folder in (layout.folder.absolute().parent, layout.folder):
            storage.sync_folder(folder)
        handle = _held(layout.lock)
    except OSError as error:
        raise _refused(layout.folder, error) from None
    try:
        yield
    finally:
        # Removed while it is held: who opens a new one after this finds the folder as it is now.
        with suppress(OSError):
            storage.remove(layout.lock)
        with suppress(OSError):
            storage.remove_folder(layout.unfinished)
        os.close(handle)


def _held(path: Path) -> int:
    """Open and lock the file that has this name; one that was removed meanwhile is no lock."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_ino == path.stat().st_ino:
                return handle
        except FileNotFoundError:
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)


def _refused(folder: Path, error: OSError) -> FileAccessError:
    if isinstance(error, FileAccessError):
        return error
    if isinstance(error, BlockingIOError):
        return FileAccessError(f"{folder}: another process writes to this folder. Wait for it, or stop it.")
    return FileAccessError(f"{folder}: cannot be written: {error.strerror or type(error).__name__}.")
