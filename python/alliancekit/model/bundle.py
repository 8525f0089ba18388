"""The read side of a bundle: its manifest, and whether its files are the ones that were built."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from alliancekit.errors import BundleError, IntegrityError
from alliancekit.model.manifest import MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE, FileRecord, Manifest, parse_manifest


def load_manifest(path: str | Path) -> Manifest:
    """Read and check what the bundle in the folder `path` says of itself; its other files are not looked at.

    Raises FileNotFoundError if there is no such folder or no `bundle.json` in it, BundleError if that is damaged or of
    another format.
    """
    return parse_manifest(_text(Path(path)), Path(path) / MANIFEST_FILE)


def read_manifest(path: str | Path) -> dict[str, Any]:
    """Return `bundle.json` as it stands, checked in the same way as by `load_manifest`."""
    manifest = load_manifest(path)
    _check_names(manifest, Path(path) / MANIFEST_FILE)
    values: dict[str, Any] = json.loads(_text(Path(path)))
    return values


def verify(path: str | Path) -> dict[str, Any]:
    """Return `bundle.json` after comparing size and SHA-256 of every file that it lists.

    Raises FileNotFoundError if a file is missing, BundleError if the manifest is damaged, IntegrityError, with what was
    expected and what was found, if a file is another one.
    """
    values = read_manifest(path)
    for name, expected in load_manifest(path).files.items():
        _check(Path(path) / name, expected)
    return values


def record(path: Path) -> FileRecord:
    """Return hash and size of a file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return FileRecord(digest, path.stat().st_size)


def _text(folder: Path) -> str:
    file = folder / MANIFEST_FILE
    try:
        return file.read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError) as error:
        msg = f"{folder} is not a model bundle: {MANIFEST_FILE} is missing; `alliance model build` makes one."
        raise FileNotFoundError(msg) from error
    except (UnicodeDecodeError, OSError) as error:
        raise BundleError(f"{file} cannot be read ({error}); build the bundle again.") from error


def _check_names(manifest: Manifest, file: Path) -> None:
    for name in manifest.files:
        if Path(name).name != name or name == "..":
            raise BundleError(f"{file}: the file name {name!r} leads out of the bundle; it is not to be trusted.")
    for name in (MODEL_FILE, TOKENIZER_FILE):
        if name not in manifest.files:
            raise BundleError(f"{file}: no hash of {name} is recorded; build the bundle again.")


def _check(path: Path, expected: FileRecord) -> None:
    try:
        found = record(path)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{path} is missing from the bundle; build the bundle again.") from error
    if found != expected:
        msg = (
            f"{path} is not the file that was built: expected {expected.bytes} bytes with SHA-256 {expected.sha256}, "
            f"found {found.bytes} bytes with {found.sha256}; build or download the bundle again."
        )
        raise IntegrityError(msg)
