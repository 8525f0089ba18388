"""Storage that loses power: what was not brought to the disk is gone, or half there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO, cast

from alliancekit.storage import Storage

if TYPE_CHECKING:
    from pathlib import Path


class PowerCutError(BaseException):
    """The power is gone; nothing more is done."""


class PowerCut(Storage):
    """Keeps what a disk would hold after a power cut, in the worst case that POSIX allows.

    A name counts when its folder was brought to the disk after the change, a file's content when the file was; of other
    content half is there.

    Args:
        at: number of the step, from 1, before which the power goes; 0 for never.

    Attributes:
        steps: how many were taken.

    """

    def __init__(self, at: int = 0) -> None:
        self.at = at
        self.steps = 0
        self._content: list[bytearray] = []
        self._synced: set[int] = set()
        self._names: dict[Path, int] = {}
        self._durable: dict[Path, dict[str, int]] = {}

    def left(self, folder: Path, target: Path) -> None:
        """Write what is left of a folder into another."""
        target.mkdir()
        for place, names in self._durable.items():
            if place != folder and folder not in place.parents:
                continue
            into = target / place.relative_to(folder)
            into.mkdir(exist_ok=True)
            for name, number in names.items():
                content = bytes(self._content[number])
                (into / name).write_bytes(content if number in self._synced else content[: len(content) // 2])

    def _step(self) -> None:
        self.steps += 1
        if self.at and self.steps >= self.at:
            raise PowerCutError

    def make_folder(self, path: Path, *, mode: int = 0o777) -> None:
        """Do it."""
        self._step()
        super().make_folder(path, mode=mode)

    def open(self, path: Path) -> BinaryIO:
        """Give a file whose content is kept."""
        self._step()
        self._content.append(bytearray())
        self._names[path] = len(self._content) - 1
        return cast("BinaryIO", _Kept(super().open(path), self, len(self._content) - 1))

    def write(self, number: int, content: bytes) -> None:
        """Keep what is written."""
        self._content[number] += content
        self._step()

    def sync(self, file: BinaryIO) -> None:
        """The content counts from now on."""
        self._step()
        self._synced.add(cast("Any", file).number)

    def rename(self, old: Path, new: Path) -> None:
        """The new name counts when the folder is brought to the disk."""
        self._step()
        self._names[new] = self._names.pop(old)
        super().rename(old, new)

    def sync_folder(self, path: Path) -> None:
        """The names count from now on."""
        self._step()
        self._durable[path] = {name.name: number for name, number in self._names.items() if name.parent == path}

    def remove(self, path: Path) -> None:
        """The name may come back unless the folder is brought to the disk."""
        if path.exists():
            self._step()
        self._names.pop(path, None)
        super().remove(path)

    def remove_folder(self, path: Path) -> None:
        """Do it."""
        self._step()
        super().remove_folder(path)


class _Kept:
    def __init__(self, file: BinaryIO, storage: PowerCut, number: int) -> None:
        self._file, self._storage, self.number = file, storage, number

    def __enter__(self) -> _Kept:  # noqa: PYI034 - a stand-in for a file
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, content: bytes) -> int:
        self._storage.write(self.number, content)
        return self._file.write(content)

    def writelines(self, lines: Any) -> None:  # noqa: ANN401 - as of a file
        for line in lines:
            self.write(line)
