"""`alliance sessions`: what it prints of many sessions, and that its table can be gone on with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest
from tests.cli.conftest import SESSIONS

from alliancekit.cli import ExitCode
from alliancekit.stats.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended, FakeStats


def test_sessions_are_in_the_order_of_their_ids_with_shrunken_gaps(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path
) -> None:
    ended = alliance("sessions", scores, "--min-tokens", 5, "--weight", "token", "--form", "patient")
    wanted = {"min_tokens": 5, "weight": "token", "form": "patient", "by": ["condition"], "scales": ["warmth"]}
    assert {name: stats.asked[name] for name in wanted} == wanted
    rows = [line.split() for line in ended.out.splitlines() if "warmth" in line and "(" not in line]
    assert [row[0] for row in rows] == ["007", "008"]
    assert rows[0][2:] == ["warmth", "0.1235", "0.3000", "0.1500", "[0.1000,", "0.2000]", "3", "4"]
    assert "0.1765" not in ended.out
    assert "no scored patient turns (008)" in ended.out
    assert "split-half): warmth 0.61" in ended.out
    assert "not a ranking" in ended.out


def test_many_sessions_are_cut_and_counted(
    alliance: Callable[..., Ended], stats: FakeStats, monkeypatch: pytest.MonkeyPatch, scores: Path
) -> None:
    many = pl.concat([SESSIONS.with_columns(reason=pl.lit("no scored turns"))] * 700).with_columns(
        session_id=pl.format("s{}", pl.int_range(1400))
    )
    monkeypatch.setattr(stats, "sessions", lambda *_, **__: many)
    out = alliance("sessions", scores).out
    assert sum("warmth" in line for line in out.splitlines()) < 50
    assert "1,360 more rows" in out
    assert "-o FILE.csv" in out
    # About all rows, it needs no list of them.
    assert "s1399" not in out


def test_a_session_table_has_no_turns_to_reduce(
    alliance: Callable[..., Ended], stats: FakeStats, tmp_path: Path
) -> None:
    SESSIONS.write_csv(tmp_path / "sessions.csv")
    ended = alliance("sessions", tmp_path / "sessions.csv")
    assert (ended.code, stats.asked) == (ExitCode.DATA, {})
    assert "is a session table" in ended.err


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    turns = simulate({"anxiety": 14, "suicidality": 8}, turns=24, seed=3).with_columns(
        truncated=pl.lit(None, dtype=pl.Boolean)
    )
    path = tmp_path_factory.mktemp("corpus") / "scores.parquet"
    turns.write_parquet(path)
    return path


def write_as(source: Path, target: Path) -> None:
    """Write a CSV as a file of another kind, as another program would."""
    table = pl.read_csv(source)
    match target.suffix:
        case ".csv":
            target.write_bytes(source.read_bytes())
        case ".tsv":
            table.write_csv(target, separator="\t")
        case ".jsonl":
            table.write_ndjson(target)
        case _:
            table.write_parquet(target)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet"])
def test_statistics_of_a_written_session_table_are_those_of_the_turns(
    alliance: Callable[..., Ended], corpus: Path, tmp_path: Path, suffix: str
) -> None:
    written = tmp_path / "sessions.csv"
    assert alliance("sessions", corpus, "-o", written).code == ExitCode.CLEAN
    again = tmp_path / f"again.{suffix}"
    write_as(written, again)
    options = ["--json", "--resamples", 199, "--threads", 1]
    direct, by_file = (json.loads(alliance("gap", path, *options).out) for path in (corpus, again))
    assert [row["scale"] for row in by_file] == ["task", "bond", "goal", "total"] * 2
    assert by_file == direct


def test_lists_of_labels_need_parquet(alliance: Callable[..., Ended], corpus: Path, tmp_path: Path) -> None:
    listed = pl.read_parquet(corpus).with_columns(labels=pl.concat_list("condition", pl.lit("all")))
    listed.write_parquet(tmp_path / "listed.parquet")
    refused = alliance("sessions", tmp_path / "listed.parquet", "-o", tmp_path / "sessions.csv")
    assert (refused.code, (tmp_path / "sessions.csv").exists()) == (ExitCode.DATA, False)
    assert "cannot hold the nested columns 'labels'. Write .parquet" in refused.err
    assert alliance("sessions", tmp_path / "listed.parquet", "-o", tmp_path / "sessions.parquet").code == 0
    rows = json.loads(alliance("gap", tmp_path / "sessions.parquet", "--by", "labels", "--json").out)
    assert {row["labels"] for row in rows} == {"anxiety", "suicidality", "all"}


def test_forms_are_not_in_a_session_table(alliance: Callable[..., Ended], corpus: Path, tmp_path: Path) -> None:
    assert alliance("sessions", corpus, "-o", tmp_path / "sessions.csv").code == ExitCode.CLEAN
    ended = alliance("gap", tmp_path / "sessions.csv", "--form", "all")
    assert ended.code == ExitCode.USAGE
