"""`alliance report` and `alliance export`: files, exit codes, and what is said."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import polars as pl
import pytest
from tests.support.corpus_run import run, write_corpus

from alliancekit.scored import Provenance, write_scored
from alliancekit.stats.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended

QUICK = ("--resamples", "99")


@pytest.fixture(scope="module")
def turns() -> pl.DataFrame:
    return simulate({"anxiety": 8, "grief": 7}, turns=20, scales=("task",), seed=2).drop("total")


@pytest.fixture
def scored(turns: pl.DataFrame, tmp_path: Path) -> Path:
    path = tmp_path / "scores.parquet"
    made = Provenance("0.1.0", ("task",), "own", "contrast", "ab12")
    write_scored(turns.with_columns(text=pl.lit("I cried, alone"), note=pl.lit("a, long. note")), path, made)
    return path


def test_a_page_with_hash_method_and_the_command_that_makes_it_again(
    alliance: Callable[..., Ended], scored: Path, tmp_path: Path
) -> None:
    first, second = tmp_path / "report.html", tmp_path / "again"
    ended = alliance("report", scored, "-o", first, "--target", "grief", "--bins", "2", *QUICK)
    assert ended.code == 0
    assert ended.err == f"written to {first}\n"
    page = first.read_text(encoding="utf-8")
    assert "contrast" in page
    assert "ab12" in page
    assert "cried" not in page
    command = re.search(r"<code>alliance (.+?)</code>", page)
    assert command is not None
    second.mkdir()
    words = command[1].split()
    words[words.index("scores.parquet")] = str(scored)
    words[words.index("report.html")] = str(second / "report.html")
    assert alliance(*words).code == 0
    assert (second / "report.html").read_text(encoding="utf-8") == page


def test_a_folder_of_parts_is_reported_like_a_file(alliance: Callable[..., Ended], tmp_path: Path) -> None:
    made = run(write_corpus(tmp_path / "in"), tmp_path / "scores")
    assert len(made.manifest["parts"]) > 1
    ended = alliance("report", made.folder, "-o", tmp_path / "report.html", *QUICK)
    assert (ended.code, ended.err) == (0, f"written to {tmp_path / 'report.html'}\n")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert f"{made.manifest['totals']['sessions']} sessions" in page
    assert made.manifest["bundle"]["bundle.json"] in page
    manifest = (made.folder / "manifest.json").read_bytes()
    assert hashlib.sha256(manifest).hexdigest() in page


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["-o", "report.pdf"], 2, ".html"),
        (["-o", "none/report.html"], 4, "there is no folder"),
        (["-o", "report.html", "--by", "conditoin"], 3, "Nearest: 'condition'"),
        (["-o", "report.html", "--target", "grif"], 2, "grif"),
        (["-o", "report.html", "--scale", "tsk"], 3, "Nearest: 'task'"),
        (["-o", "report.html", "--quotes", "--suppress-small-cells"], 2, "small cells"),
    ],
)
def test_what_cannot_be_done_is_refused(  # noqa: PLR0913, PLR0917 - parameters and fixtures
    options: list[str],
    code: int,
    words: str,
    alliance: Callable[..., Ended],
    scored: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = alliance("report", scored, *options, *QUICK)
    assert (ended.code, ended.out) == (code, "")
    assert words in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["scores.parquet"]


def test_existing_pages_are_kept_without_force(alliance: Callable[..., Ended], scored: Path, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("mine")
    assert alliance("report", scored, "-o", tmp_path / "report.html").code == 2
    assert (tmp_path / "report.html").read_text() == "mine"
    assert alliance("report", scored, "-o", tmp_path / "report.html", "--force", "--bins", "2", *QUICK).code == 0


def test_wrong_empty_and_missing_files_are_named(alliance: Callable[..., Ended], tmp_path: Path) -> None:
    (tmp_path / "talk.csv").write_text("session_id,text\ns1,I cried alone\n")
    (tmp_path / "empty.csv").write_text("")
    for command in ("report", "export"):
        suffix = ".html" if command == "report" else ".csv"
        for name, code in (("talk.csv", 3), ("empty.csv", 3), ("none.csv", 4)):
            ended = alliance(command, tmp_path / name, "-o", tmp_path / f"out{suffix}")
            assert ended.code == code, ended
            assert name in ended.err
            assert "cried" not in ended.err


@pytest.mark.parametrize("what", ["turns", "sessions", "gap", "compare", "trajectories", "convergence"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".sav"])
def test_every_table_in_every_data_format(
    what: str, suffix: str, alliance: Callable[..., Ended], scored: Path, tmp_path: Path
) -> None:
    output = tmp_path / f"out{suffix}"
    ended = alliance("export", scored, "-o", output, "--what", what, "--target", "grief", *QUICK)
    assert ended.code == 0, ended.err
    assert b"cried" not in output.read_bytes()
    if what == "turns":
        assert ended.err.startswith("left out, since they may hold talk: 'text', 'note'\n")


@pytest.mark.parametrize(("suffix", "start"), [(".html", "<!DOCTYPE"), (".md", "**Gap"), (".tex", "% needs")])
def test_tables_for_papers(
    suffix: str, start: str, alliance: Callable[..., Ended], scored: Path, tmp_path: Path
) -> None:
    output = tmp_path / f"gap{suffix}"
    assert alliance("export", scored, "-o", output, "--what", "gap", *QUICK).code == 0
    assert output.read_text(encoding="utf-8").startswith(start)
    assert alliance("export", scored, "-o", tmp_path / f"t{suffix}", "--what", "turns").code == 2


def test_a_folder_for_r(alliance: Callable[..., Ended], scored: Path, tmp_path: Path) -> None:
    assert alliance("export", scored, "-o", tmp_path / "r", "--outcome", "session_number").code == 0
    names = {"README.md", "analysis.R", "cells.csv", "conditions.csv", "levels.csv", "sessions.csv"}
    assert {path.name for path in (tmp_path / "r").iterdir()} == names
    assert alliance("export", scored, "-o", tmp_path / "r").code == 2
    assert alliance("export", scored, "-o", tmp_path / "r", "--force").code == 0


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["-o", "out.xlsx"], 2, ".sav"),
        (["-o", "out.csv", "--what", "compare"], 2, "--target"),
        (["-o", "none/r"], 4, "there is no folder"),
        (["-o", "r", "--outcome", "mood"], 3, "mood"),
        (["-o", "scores.parquet"], 2, "exists"),
    ],
)
def test_exports_that_cannot_be_made_are_refused(  # noqa: PLR0913, PLR0917 - parameters and fixtures
    options: list[str],
    code: int,
    words: str,
    alliance: Callable[..., Ended],
    scored: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    ended = alliance("export", scored, *options)
    assert ended.code == code
    assert words in ended.err
    assert [path.name for path in tmp_path.iterdir()] == ["scores.parquet"]
