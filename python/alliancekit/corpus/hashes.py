"""Hashes of the files that a run is made from, and whether they are still what they were."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alliancekit.errors import FileAccessError, IntegrityError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Hashed:
    """A file, or the files of a corpus that is a folder, when it was hashed.

    Attributes:
        bytes: how many there are.
        lines: line feeds in them: about how many turns a text file has.
        sha256: of the content, in hexadecimal; of a folder, of its files' names and hashes.
        seen: size and time of change of each file, to notice a change later.

    """

    bytes: int
    lines: int
    sha256: str
    seen: tuple[tuple[Path, int, int], ...]

    def refuse_change(self) -> None:
        """Refuse to go on where a file is not the one that was hashed.

        Raises:
            IntegrityError: size or time of change differ, or the file is gone.

        """
        for path, size, changed in self.seen:
            if _state(path) != (size, changed):
                raise IntegrityError(
                    f"{path}: was changed while it was read. Put it back as it was and resume, or start again in "
                    "another folder."
                )


def hash_path(path: Path, *, tick: Callable[[int], object] = lambda _: None) -> Hashed:
    """Hash a file or a folder.

    Args:
        path: the file or folder.
        tick: called with the bytes of each piece, to show progress.

    Raises:
        FileAccessError: a file cannot be read.

    >>> from pathlib import Path
    >>> hash_path(Path(__file__)).sha256 == hash_path(Path(__file__)).sha256
    True

    """
    if not path.is_dir():
        return _hash_file(path, tick)
    inside = sorted(found for found in path.rglob("*") if found.is_file())
    hashed = [_hash_file(found, tick) for found in inside]
    names = (f"{found.relative_to(path)}\0{each.sha256}\n" for found, each in zip(inside, hashed, strict=True))
    return Hashed(
        sum(each.bytes for each in hashed),
        sum(each.lines for each in hashed),
        hashlib.sha256("".join(names).encode("utf-8", "surrogateescape")).hexdigest(),
        tuple(seen for each in hashed for seen in each.seen),
    )


def _hash_file(path: Path, tick: Callable[[int], object]) -> Hashed:
    digest, lines = hashlib.sha256(), 0
    size, changed = _state(path)
    try:
        with path.open("rb") as file:
            while block := file.read(BLOCK):
                digest.update(block)
                lines += block.count(b"\n")
                tick(len(block))
    except OSError as error:
        raise FileAccessError(f"{path}: cannot be read: {error.strerror}.") from None
    return Hashed(size, lines, digest.hexdigest(), ((path, size, changed),))


def _state(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except OSError:
        return -1, -1
    return found.st_size, found.st_mtime_ns
