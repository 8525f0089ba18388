"""Folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from alliancekit.errors import BundleError
from alliancekit.model.manifest import MANIFEST_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def published(output: Path) -> Iterator[Path]:
    """Give an empty folder to fill; when the block ends without an error it stands at `output`.

    A bundle that was there before is replaced. Raises BundleError if anything else is there.
    """
    if output.exists() and not _replaceable(output):
        msg = f"{output} exists and is not a model bundle; it is left alone. Remove it, or choose another output."
        raise BundleError(msg)
    output.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=f".{output.name}.", dir=output.parent))
    try:
        folder = workshop / "new"
        folder.mkdir()
        yield folder
        _flush(folder)
        _swap(folder, output, workshop / "old")
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _replaceable(output: Path) -> bool:
    return output.is_dir() and ((output / MANIFEST_FILE).is_file() or not any(output.iterdir()))


def _swap(folder: Path, output: Path, old: Path) -> None:
    """Move the old bundle aside and the new one in; if that fails, the old one is back where it was."""
    if output.exists():
        output.rename(old)
    try:
        folder.rename(output)
    except OSError:
        if old.exists():
            old.rename(output)
        raise
    _sync(output.parent)


def _flush(folder: Path) -> None:
    for file in folder.iterdir():
        _sync(file)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
