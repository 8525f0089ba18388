"""Reading a bundle: one that is damaged, truncated or foreign is a clear error."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import onnx
import pytest

from alliancekit.errors import BundleError, IntegrityError
from alliancekit.model import read_manifest, verify
from alliancekit.model.onnx_file import read_model

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    """Return a copy of the bundle that a test may spoil."""
    return shutil.copytree(tiny_bundle, tmp_path / "bundle")


def edit(bundle: Path, **changes: object) -> None:
    values: dict[str, Any] = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
    (bundle / "bundle.json").write_text(json.dumps(values | changes), encoding="utf-8")


def test_manifest_is_bundle_json_as_it_stands(bundle: Path) -> None:
    assert verify(bundle) == read_manifest(bundle) == json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))


def test_changed_byte_is_told_with_both_hashes(bundle: Path) -> None:
    model = bundle / "model.onnx"
    recorded = read_manifest(bundle)["files"]["model.onnx"]["sha256"]
    values = bytearray(model.read_bytes())
    values[len(values) // 2] ^= 1
    model.write_bytes(values)
    with pytest.raises(
        IntegrityError, match=rf"model\.onnx is not the file .* SHA-256 {recorded}, found \d+ bytes with"
    ):
        verify(bundle)


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "inventory.toml", "MODEL_CARD.md"])
def test_missing_and_truncated_files(bundle: Path, name: str) -> None:
    (bundle / name).write_bytes((bundle / name).read_bytes()[:-1])
    with pytest.raises(IntegrityError, match=name):
        verify(bundle)
    (bundle / name).unlink()
    with pytest.raises(FileNotFoundError, match=f"{name} is missing from the bundle"):
        verify(bundle)


def test_folder_without_a_manifest(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(FileNotFoundError, match=r"is not a model bundle: bundle\.json is missing"):
            read_manifest(folder)


def test_truncated_manifest(bundle: Path) -> None:
    text = (bundle / "bundle.json").read_text(encoding="utf-8")
    for length in range(0, len(text) - 2, 97):
        (bundle / "bundle.json").write_text(text[:length], encoding="utf-8")
        with pytest.raises(BundleError, match="damaged or not JSON"):
            read_manifest(bundle)


def test_every_entry_is_needed(bundle: Path) -> None:
    values: dict[str, Any] = json.loads((bundle / "bundle.json").read_text(encoding="utf-8"))
    for key in values:
        rest = {name: value for name, value in values.items() if name != key}
        (bundle / "bundle.json").write_text(json.dumps(rest), encoding="utf-8")
        with pytest.raises(BundleError, match=key if key != "format_version" else "the format is None"):
            read_manifest(bundle)


@pytest.mark.parametrize("change", [{"items": 3}, {"tensors": []}, {"files": None}, {"max_tokens": "many"}])
def test_entry_of_another_kind(bundle: Path, change: dict[str, object]) -> None:
    edit(bundle, **change)
    with pytest.raises(BundleError, match="is not of the kind it has to be"):
        read_manifest(bundle)


@pytest.mark.parametrize("values", ["[]", "3", '{"format_version": 2}', '{"format_version": "1"}'])
def test_foreign_manifest(bundle: Path, values: str) -> None:
    (bundle / "bundle.json").write_text(values, encoding="utf-8")
    with pytest.raises(BundleError, match=r"the format is .* update alliancekit"):
        read_manifest(bundle)


@pytest.mark.parametrize("name", ["../bundle.json", "/etc/hostname", "a/b", ".."])
def test_file_outside_the_bundle_is_refused(bundle: Path, name: str) -> None:
    files = read_manifest(bundle)["files"]
    edit(bundle, files=files | {name: {"sha256": "0", "bytes": 1}})
    with pytest.raises(BundleError, match="leads out of the bundle"):
        verify(bundle)


def test_model_without_a_hash_is_refused(bundle: Path) -> None:
    files = read_manifest(bundle)["files"]
    del files["model.onnx"]
    edit(bundle, files=files)
    with pytest.raises(BundleError, match=r"no hash of model\.onnx"):
        read_manifest(bundle)


def test_data_outside_the_onnx_file_is_refused(bundle: Path, tmp_path: Path) -> None:
    model = onnx.load(bundle / "model.onnx")
    path = tmp_path / "outside.onnx"
    onnx.save_model(model, path, save_as_external_data=True, location="outside.bin", size_threshold=0)
    with pytest.raises(BundleError, match="external data is refused"):
        read_model(path)


def test_onnx_file_that_is_none(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"\xff\xff\xff")
    with pytest.raises(BundleError, match="not a readable ONNX file"):
        read_model(path)


def test_reading_needs_neither_onnx_nor_safetensors(bundle: Path) -> None:
    code = (
        "import sys, alliancekit, alliancekit.inventory, alliancekit.reference, alliancekit.model as model\n"
        "model.verify(sys.argv[1])\n"
        "sys.exit(bool({'onnx', 'safetensors', 'onnxruntime'} & set(sys.modules)))"
    )
    subprocess.run([sys.executable, "-c", code, str(bundle)], check=True)  # our own interpreter
