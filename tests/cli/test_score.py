"""`alliance score`, with the real engine and a tiny bundle."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from alliancekit.cli import ExitCode
from alliancekit.scored import read_scored
from alliancekit.scorer import Scorer

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended, FakeScorer


def test_a_file_is_scored(alliance: Callable[..., Ended], talk: Path, tiny_bundle: Path, tmp_path: Path) -> None:
    output = tmp_path / "scores.parquet"
    ended = alliance("score", talk, "-o", output, "--bundle", tiny_bundle, "--threads", 1)
    assert (ended.code, ended.out) == (ExitCode.CLEAN, "")
    assert "1 files, 1 sessions, 3 turns: 2 scored, 1 null or blank, 0 truncated, 2 distinct texts" in ended.err
    turns, scales = read_scored(output)
    assert scales == Scorer(tiny_bundle, threads=1).scales
    assert turns["condition"].to_list() == ["anxiety"] * 3
    assert "text" not in turns.columns
    assert_frame_equal(turns, Scorer(tiny_bundle, threads=1).score(pl.read_csv(talk)))


def test_every_form_can_be_had_and_the_text_kept(
    alliance: Callable[..., Ended], talk: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    output = tmp_path / "scores.csv"
    ended = alliance("score", talk, "-o", output, "--bundle", tiny_bundle, "--forms", "all", "--keep-text")
    assert ended.code == ExitCode.CLEAN
    turns, _ = read_scored(output)
    assert {"task_patient_form", "task_therapist_form", "text"} <= set(turns.columns)


def test_columns_and_roles_are_mapped(
    alliance: Callable[..., Ended], fake_scorer: type[FakeScorer], tmp_path: Path
) -> None:
    assert fake_scorer.threads == 1
    (tmp_path / "a.csv").write_text("talk,n,who,said\n1,0,SPK_0,Yes.\n1,1,SPK_1,No.\n")
    mapping = ["--map", "session_id=talk", "--map", "turn_index=n", "--map", "role=who", "--map", "text=said"]
    roles = ["--roles", "SPK_0=therapist", "--roles", "SPK_1=patient"]
    ended = alliance("score", tmp_path / "a.csv", "-o", tmp_path / "s.parquet", *mapping, *roles)
    assert ended.code == ExitCode.CLEAN
    assert read_scored(tmp_path / "s.parquet")[0]["role"].to_list() == ["therapist", "patient"]


def test_what_was_assumed_is_said_once_a_kind(
    alliance: Callable[..., Ended], fake_scorer: type[FakeScorer], tmp_path: Path
) -> None:
    assert fake_scorer.threads == 1
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.csv").write_text("role,text\npatient,Yes.\n")
    (tmp_path / "read.me").touch()
    ended = alliance("score", tmp_path, "-o", tmp_path / "s.parquet")
    lines = [line for line in ended.err.splitlines() if line.startswith(("note", "warning"))]
    assert [line.split(":")[0] for line in lines] == ["warning", "note", "note"]
    assert lines[1].endswith("(2 more of this kind)")


def test_the_metadata_says_what_made_the_scores(
    alliance: Callable[..., Ended], talk: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    alliance("score", talk, "-o", tmp_path / "s.parquet", "--bundle", tiny_bundle, "--method", "keyed-mean")
    made = json.loads(pl.read_parquet_metadata(tmp_path / "s.parquet")["alliancekit"])
    assert (made["method"], made["forms"], len(made["bundle_sha256"])) == ("keyed-mean", "own", 64)


def test_an_output_that_exists_is_replaced_only_by_force(
    alliance: Callable[..., Ended], talk: Path, fake_scorer: type[FakeScorer], tmp_path: Path
) -> None:
    assert fake_scorer.threads == 1
    output = tmp_path / "s.parquet"
    output.write_text("mine")
    ended = alliance("score", talk, "-o", output)
    assert (ended.code, output.read_text()) == (ExitCode.USAGE, "mine")
    assert "replace it with --force" in ended.err
    assert alliance("score", talk, "-o", output, "--force").code == ExitCode.CLEAN
    assert read_scored(output)[0].height == 3


def test_the_output_may_not_be_an_input(alliance: Callable[..., Ended], talk: Path) -> None:
    before = talk.read_bytes()
    ended = alliance("score", talk, "-o", talk, "--force")
    assert (ended.code, talk.read_bytes()) == (ExitCode.USAGE, before)


def test_a_bundle_that_was_changed_is_refused(
    alliance: Callable[..., Ended], talk: Path, tiny_bundle: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    for file in tiny_bundle.iterdir():
        (copy / file.name).write_bytes(file.read_bytes())
    with (copy / "tokenizer.json").open("ab") as stream:
        stream.write(b" ")
    ended = alliance("score", talk, "-o", tmp_path / "s.parquet", "--bundle", copy)
    assert ended.code == ExitCode.INTEGRITY
    assert not (tmp_path / "s.parquet").exists()


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_the_installed_command_runs_in_any_encoding(tiny_bundle: Path, tmp_path: Path, encoding: str) -> None:
    source = tmp_path / "gespräch \N{FAMILY}.csv"
    source.write_text("role,text\nSpeaker \N{FAMILY},Ja.\n", encoding="utf-8")
    command = [sys.executable, "-m", "alliancekit.cli", "score", str(source), "-o", str(tmp_path / "ä.parquet")]
    ended = subprocess.run(
        [*command, "--bundle", str(tiny_bundle), "--roles", "speaker \N{FAMILY}=patient"],
        env={"PYTHONIOENCODING": encoding, "PYTHONUTF8": "1"},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "ä.parquet").exists()


@pytest.mark.parametrize("option", [("--shard-turns", 5), ("--progress", "json")], ids=lambda option: option[0])
def test_options_of_folders_are_refused_for_a_file(
    option: tuple[str, object], alliance: Callable[..., Ended], talk: Path, tmp_path: Path
) -> None:
    output = tmp_path / "scores.parquet"
    ended = alliance("score", talk, "-o", output, *option)
    assert ended.code == ExitCode.USAGE
    assert option[0] in ended.err
    assert "folder" in ended.err
    assert not output.exists()
