"""Storage of which a chosen step fails, or is the last that the process takes."""

from __future__ import annotations

import io
import os
import signal
from typing import TYPE_CHECKING, Any, BinaryIO, Self, cast

from alliancekit.storage import Storage

if TYPE_CHECKING:
    from pathlib import Path

PATHLESS = "fsync"


class FaultyStorage(Storage):
    """Counts the steps, each write of a file among them.

    Args:
        at: number of the step, from 1, before which something happens; 0 for never.
        error: number of the error that is raised there; None kills the process with SIGKILL.
        lasting: whether every later step fails as well, as those of a full disk do.

    Attributes:
        steps: what was done, and to which file.

    """

    def __init__(self, at: int = 0, *, error: int | None = None, lasting: bool = False) -> None:
        self.at = at
        self.error = error
        self.lasting = lasting
        self.steps: list[str] = []

    def step(self, name: str, path: Path | str = "") -> None:
        """Take down a step, which may be the one."""
        self.steps.append(f"{name} {getattr(path, 'name', path)}".strip())
        due = len(self.steps) >= self.at if self.lasting else len(self.steps) == self.at
        if not self.at or not due:
            return
        if self.error is None:
            os.kill(os.getpid(), signal.SIGKILL)
            signal.pause()  # the signal ends the process; nothing more is done
        raise OSError(self.error, os.strerror(cast("int", self.error)))

    def make_folder(self, path: Path, *, mode: int = 0o777) -> None:
        """Count, then do it."""
        self.step("mkdir", path)
        super().make_folder(path, mode=mode)

    def open(self, path: Path) -> BinaryIO:
        """Give a file whose writes are counted; half of one is written before it fails."""
        self.step("open", "temporary")
        return cast("BinaryIO", _CountedFile(super().open(path), self))

    def sync(self, file: BinaryIO) -> None:
        """Count, then do it."""
        self.step("fsync")
        super().sync(file)

    def rename(self, old: Path, new: Path) -> None:
        """Count, then do it."""
        self.step("rename", new)
        super().rename(old, new)

    def sync_folder(self, path: Path) -> None:
        """Count, then do it."""
        self.step("fsync folder", path)
        super().sync_folder(path)

    def remove(self, path: Path) -> None:
        """Count, then do it; most of these find nothing to remove."""
        if path.exists():
            self.step("remove", path)
        super().remove(path)

    def remove_folder(self, path: Path) -> None:
        """Count, then do it."""
        self.step("rmdir", path)
        super().remove_folder(path)


class _CountedFile:
    def __init__(self, file: BinaryIO, storage: FaultyStorage) -> None:
        self._file = file
        self._storage = storage

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a file has
        return getattr(self._file, name)

    def write(self, content: bytes) -> int:
        half = len(content) // 2
        self._file.write(content[:half])
        self._file.flush()
        self._storage.step("write")
        return half + self._file.write(content[half:])

    def writelines(self, lines: Any) -> None:  # noqa: ANN401 - as of a file
        self.write(io.BytesIO(b"".join(lines)).getvalue())
