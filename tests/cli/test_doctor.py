"""`alliance doctor` and `alliance model info`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from alliancekit.cli import ExitCode
from alliancekit.errors import RuntimeLibraryError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended


@pytest.fixture
def changed_bundle(tiny_bundle: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "changed"
    copy.mkdir()
    for file in tiny_bundle.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    with (copy / "model.onnx").open("ab") as stream:
        stream.write(b" ")
    return copy


def test_a_sound_installation_is_clean(alliance: Callable[..., Ended], tiny_bundle: Path) -> None:
    ended = alliance("doctor", "--json", "--bundle", tiny_bundle)
    found = json.loads(ended.out)
    assert (ended.code, found["wrong"]) == (ExitCode.CLEAN, [])
    assert found["telemetry"].startswith("off (ORT_DISABLE_TELEMETRY=1)")
    assert found["library"].endswith(found["onnxruntime"])
    assert found["threads"] >= 1


def test_people_get_a_table(alliance: Callable[..., Ended], tiny_bundle: Path) -> None:
    ended = alliance("doctor", "--bundle", tiny_bundle)
    assert ended.code == ExitCode.CLEAN
    assert "WRONG" not in ended.out
    assert str(tiny_bundle) in ended.out


def test_a_changed_bundle_is_an_integrity_error(alliance: Callable[..., Ended], changed_bundle: Path) -> None:
    ended = alliance("doctor", "--bundle", changed_bundle)
    assert ended.code == ExitCode.INTEGRITY
    assert "WRONG" in ended.out


def test_a_missing_library_is_an_access_error(
    alliance: Callable[..., Ended], tiny_bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> Path:
        raise RuntimeLibraryError("ONNX Runtime is not installed")

    monkeypatch.setattr("alliancekit.cli.findings.library_path", missing)
    ended = alliance("doctor", "--json", "--bundle", tiny_bundle)
    assert ended.code == ExitCode.IO
    assert json.loads(ended.out)["wrong"] == ["library"]


def test_a_bundle_says_what_it_is(alliance: Callable[..., Ended], tiny_bundle: Path) -> None:
    ended = alliance("model", "info", tiny_bundle)
    assert ended.code == ExitCode.CLEAN
    assert "task, bond, goal, total" in ended.out
    as_json = alliance("model", "info", tiny_bundle, "--json")
    assert json.loads(as_json.out) == json.loads((tiny_bundle / "bundle.json").read_text(encoding="utf-8"))


def test_a_folder_that_is_no_bundle_is_refused(alliance: Callable[..., Ended], tmp_path: Path) -> None:
    assert alliance("model", "info", tmp_path).code == ExitCode.IO


def test_a_bundle_is_built(
    alliance: Callable[..., Ended], tiny_encoder: Path, tiny_inventory_file: Path, tmp_path: Path
) -> None:
    inputs = ["--encoder", tiny_encoder, "--inventory", tiny_inventory_file]
    ended = alliance("model", "build", *inputs, "-o", tmp_path / "made")
    assert (ended.code, ended.out) == (ExitCode.CLEAN, "")
    assert alliance("doctor", "--bundle", tmp_path / "made").code == ExitCode.CLEAN


def test_what_building_needs_is_named(
    alliance: Callable[..., Ended], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("alliancekit.extras.find_spec", lambda _: None)
    ended = alliance("model", "build", "--encoder", tmp_path, "--inventory", tmp_path, "-o", tmp_path / "made")
    assert ended.code == ExitCode.USAGE
    assert "pip install 'alliancekit[build]'" in ended.err
