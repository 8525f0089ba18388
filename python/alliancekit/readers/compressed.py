"""Files packed with gzip or Zstandard: unpacked to a file that has no name, so that no crash leaves a text behind."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final, cast

from alliancekit.errors import DataError, FileAccessError

if TYPE_CHECKING:
    from collections.abc import Iterator

GZIP: Final = ".gz"
ZSTANDARD: Final = ".zst"
SUFFIXES: Final = (GZIP, ZSTANDARD)
BLOCK: Final = 1 << 20
PREFIX: Final = ".alliancekit-"
SUFFIX: Final = ".tmp"


def is_compressed(path: Path) -> bool:
    """Tell by the name whether a file is packed."""
    return path.suffix.lower() in SUFFIXES


def plain_name(path: Path) -> Path:
    """Give the path without the suffix of the packing.

    >>> plain_name(Path("talks.csv.GZ")), plain_name(Path("talks.csv"))
    (PosixPath('talks.csv'), PosixPath('talks.csv'))
    """
    return path.with_suffix("") if is_compressed(path) else path


def start_of(path: Path, size: int) -> bytes:
    """Give the first bytes of what a file holds, unpacked if it is packed.

    Raises:
        OSError: it cannot be opened.
        DataError: it is damaged.

    """
    if not is_compressed(path):
        with path.open("rb") as file:
            return file.read(size)
    with _damage_named(path), path.open("rb") as packed, _unpacking(path, packed) as file:
        return file.read(size)


@contextmanager
def unpacked(path: Path, folder: Path | None = None) -> Iterator[Path]:
    """Give a path at which the file's content is read, unpacked; the path itself where it is not packed.

    Args:
        path: the file.
        folder: on the disk where the content is to be; None is the system's folder for temporary files.

    Raises:
        FileAccessError: the file cannot be read, or the disk is full.
        DataError: it is damaged.

    """
    if not is_compressed(path):
        yield path
        return
    # Formats go by the name, and some libraries take a path only: a link of that name to a file without one.
    with (
        tempfile.TemporaryDirectory(prefix=PREFIX, suffix=SUFFIX, dir=folder) as links,
        tempfile.TemporaryFile(dir=folder) as content,
    ):
        _unpack(path, cast("BinaryIO", content))
        link = Path(links, plain_name(path).name)
        link.symlink_to(f"/proc/self/fd/{content.fileno()}")
        yield link


def _unpack(path: Path, content: BinaryIO) -> None:
    try:
        with _damage_named(path), path.open("rb") as packed, _unpacking(path, packed) as file:
            shutil.copyfileobj(file, content, BLOCK)
        content.flush()
    except OSError as error:
        if isinstance(error, FileAccessError):
            raise
        raise FileAccessError(f"{path}: cannot be unpacked: {error.strerror}.") from None


def _unpacking(path: Path, packed: BinaryIO) -> BinaryIO:
    if path.suffix.lower() == GZIP:
        return cast("BinaryIO", gzip.GzipFile(fileobj=packed, mode="rb"))
    import zstandard  # noqa: PLC0415 - few files need it

    return cast("BinaryIO", zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True))


@contextmanager
def _damage_named(path: Path) -> Iterator[None]:
    try:
        yield
    except _damage(path):
        raise DataError(f"{path}: not packed with what its name says, or damaged. Pack or copy it again.") from None


def _damage(path: Path) -> tuple[type[Exception], ...]:
    if path.suffix.lower() != ZSTANDARD:
        return (EOFError, zlib.error, gzip.BadGzipFile)
    import zstandard  # noqa: PLC0415 - as above

    error: Any = zstandard.ZstdError
    return (error,)
