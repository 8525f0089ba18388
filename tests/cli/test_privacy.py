"""A word planted in the texts stands in nothing that a command prints or writes, even with --debug."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.readers.test_privacy import BROKEN, PLANTED, TEXT

from alliancekit.cli import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended

COMMANDS = (["score"], ["sessions"], ["gap"], ["compare", "--target", "x"], ["trajectories"], ["convergence"])
HEADER = "session_id,turn_index,role,text\n"


def everything_written(folder: Path, *inputs: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file() and path not in inputs)


@pytest.mark.usefixtures("stats")
@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
def test_no_failing_command_shows_a_text(
    alliance: Callable[..., Ended], tmp_path: Path, command: list[str], name: str
) -> None:
    content = BROKEN[name]
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = alliance("--debug", *command, path, "-o", tmp_path / "out.csv")
    assert ended.code == ExitCode.DATA
    assert PLANTED not in ended.out + ended.err
    assert PLANTED.encode() not in everything_written(tmp_path, path)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_scores_hold_no_text_unless_asked_for(
    alliance: Callable[..., Ended], tiny_bundle: Path, tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(f"{HEADER}s,0,patient,{TEXT}\n")
    options = ["-o", tmp_path / f"out.{suffix}", "--bundle", tiny_bundle]
    ended = alliance("--debug", "score", path, *options)
    assert ended.code == 0
    assert PLANTED not in ended.out + ended.err
    assert PLANTED.encode() not in everything_written(tmp_path, path)


def test_with_a_key_no_id_and_no_name_of_a_file_is_shown(
    alliance: Callable[..., Ended], tiny_bundle: Path, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    key.write_bytes(bytes(range(32)))
    key.chmod(0o600)
    talks = tmp_path / "talks"
    talks.mkdir()
    (talks / "anna-smith.csv").write_text(f"role,text,patient_id\npatient,{TEXT} [laughs],Smith\nmother,No.,Smith\n")
    (talks / "anna.docx").touch()
    output = tmp_path / "out.csv"
    ended = alliance("score", talks, "-o", output, "--bundle", tiny_bundle, "--pseudonymise", key)
    assert ended.code == ExitCode.CLEAN, ended.err
    written = output.read_text()
    assert "patient-" in written
    assert "session-" in written
    assert "session-" in ended.err
    assert not [word for word in ("anna", "smith", PLANTED) if word in (written + ended.err).lower()]
