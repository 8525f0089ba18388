"""What the statistical commands have in common: what they take, ask for, write and refuse."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from tests.cli.conftest import TURNS

from alliancekit.cli import ExitCode
from alliancekit.stats import sessions
from alliancekit.stats.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended, FakeStats

RESAMPLED = {
    "gap": ["gap"],
    "compare": ["compare", "--target", "suicidality"],
    "convergence": ["convergence"],
    "trajectories": ["trajectories"],
}
COMMANDS = {**RESAMPLED, "sessions": ["sessions"]}
each = pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
each_resampled = pytest.mark.parametrize("command", RESAMPLED.values(), ids=RESAMPLED)


@each_resampled
def test_what_is_asked_for_is_passed_on(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path, command: list[str]
) -> None:
    options = ["--resamples", 500, "--seed", 7, "--threads", 2, "--confidence", 0.9, "--by", "condition"]
    assert alliance(*command, scores, *options, "--scale", "warmth").code == ExitCode.CLEAN
    wanted = {"resamples": 500, "seed": 7, "threads": 2, "confidence": 0.9, "scales": ["warmth"]}
    assert {name: stats.asked[name] for name in wanted} == wanted
    assert stats.asked["by"] in ("condition", ["condition"])
    assert stats.asked["turns"]["condition"].to_list() == ["anxiety"] * 2


@each
def test_json_is_in_full_precision_and_without_nan(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path, command: list[str]
) -> None:
    records = json.loads(alliance(*command, scores, "--json").out)
    assert stats.asked["scales"] == ["warmth"]
    numbers = {value for record in records for value in record.values() if isinstance(value, float)}
    assert numbers & {0.17654321, -0.02}
    assert any(record.get("ci_low", record.get("gap", 0)) is None for record in records)


@each
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.usefixtures("stats")
def test_the_table_is_written_in_full(
    alliance: Callable[..., Ended], scores: Path, tmp_path: Path, command: list[str], suffix: str
) -> None:
    output = tmp_path / f"result.{suffix}"
    assert alliance(*command, scores, "-o", output).code == ExitCode.CLEAN
    read = pl.read_csv(output) if suffix == "csv" else pl.read_parquet(output)
    assert read.columns == list(json.loads(alliance(*command, scores, "--json").out)[0])
    again = alliance(*command, scores, "-o", output)
    assert (again.code, "replace it with --force" in again.err) == (ExitCode.USAGE, True)
    assert alliance(*command, scores, "-o", output, "--force").code == ExitCode.CLEAN


@each
@pytest.mark.usefixtures("stats")
def test_null_is_a_dash_and_labels_steer_no_terminal(
    alliance: Callable[..., Ended], scores: Path, command: list[str]
) -> None:
    ended = alliance(*command, scores)
    assert ended.code == ExitCode.CLEAN
    assert any("-" in line.split() for line in ended.out.splitlines() if "warmth" in line)
    assert "[red]\\x1b[2J" in ended.out
    assert "\x1b[2J" not in ended.out
    assert "nan" not in ended.out
    assert not ended.err


@each
@pytest.mark.parametrize(
    ("option", "code", "said"),
    [
        (["--by", "conditon"], ExitCode.DATA, "the column 'conditon' of --by is missing. Nearest: 'condition'"),
        (["--scale", "warmt"], ExitCode.DATA, "the scale 'warmt' is missing. Nearest: 'warmth'"),
        (["--scale", "role"], ExitCode.DATA, "the column 'role' holds String, and should hold numbers"),
        (["-o", "result.xlsx"], ExitCode.USAGE, "ends in .parquet or .csv"),
        (["-o", "none/result.csv"], ExitCode.IO, "there is no folder"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_is_wrong_is_said_before_the_work(  # noqa: PLR0913, PLR0917 - pytest passes them by name
    alliance: Callable[..., Ended],
    stats: FakeStats,
    scores: Path,
    command: list[str],
    option: list[str],
    code: ExitCode,
    said: str,
) -> None:
    ended = alliance(*command, scores, *option)
    assert (ended.code, stats.asked) == (code, {})
    assert said in ended.err


@each
@pytest.mark.parametrize(
    ("name", "content", "code", "said"),
    [
        ("none.csv", None, ExitCode.IO, "cannot be read"),
        ("empty.csv", "", ExitCode.DATA, "the file is empty"),
        ("header.csv", "session_id,turn_index,role,bond\n", ExitCode.DATA, "no rows"),
        ("talk.csv", "session_id,turn_index,role,text\ns,0,patient,Hi.\n", ExitCode.DATA, "alliance score"),
        ("result.csv", "condition,scale,gap\na,bond,0.1\n", ExitCode.DATA, "neither turn scores nor a session table"),
        ("words.csv", "session_id,turn_index,role,bond\ns,0,patient,high\n", ExitCode.DATA, "should hold numbers"),
        ("scores.docx", "", ExitCode.DATA, "no reader for '.docx'"),
        ("text.parquet", "no parquet", ExitCode.DATA, "not a Parquet file"),
    ],
)
def test_a_wrong_file_is_named_with_what_to_do(  # noqa: PLR0913, PLR0917 - pytest passes them by name
    alliance: Callable[..., Ended],
    stats: FakeStats,
    tmp_path: Path,
    command: list[str],
    name: str,
    content: str | None,
    code: ExitCode,
    said: str,
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_text(content)
    ended = alliance(*command, path)
    assert (ended.code, stats.asked) == (code, {})
    assert said in ended.err
    assert name in ended.err


@each
def test_a_folder_is_refused(
    alliance: Callable[..., Ended], stats: FakeStats, tmp_path: Path, command: list[str]
) -> None:
    ended = alliance(*command, tmp_path)
    assert (ended.code, stats.asked) == (ExitCode.IO, {})
    assert "is a folder" in ended.err


@each
def test_a_parquet_file_without_rows_is_refused(
    alliance: Callable[..., Ended], stats: FakeStats, tmp_path: Path, command: list[str]
) -> None:
    TURNS.clear().write_parquet(tmp_path / "s.parquet")
    ended = alliance(*command, tmp_path / "s.parquet")
    assert (ended.code, stats.asked) == (ExitCode.DATA, {})
    assert "no rows" in ended.err


@pytest.mark.parametrize("table", ["turns", "sessions"])
def test_a_damaged_page_is_found_where_it_is_read(alliance: Callable[..., Ended], tmp_path: Path, table: str) -> None:
    turns = simulate({"anxiety": 40}, turns=40, scales=("bond",), seed=1)
    (turns if table == "turns" else sessions(turns)).write_parquet(tmp_path / "s.parquet")
    whole = bytearray((tmp_path / "s.parquet").read_bytes())
    whole[50:90] = b"\xff" * 40
    (tmp_path / "s.parquet").write_bytes(whole)
    ended = alliance("gap", tmp_path / "s.parquet")
    assert ended.code == ExitCode.DATA
    assert "it is damaged" in ended.err
