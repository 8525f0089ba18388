"""The sample corpus through the commands of the README, against means taken from the scores directly."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

SAMPLE = Path(__file__).parents[1] / "examples" / "sample-corpus"


def alliance(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "alliancekit.cli", *(str(argument) for argument in arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def scores(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("scores") / "scores.parquet"
    done = alliance("score", SAMPLE, "-o", path)
    assert done.returncode == 0, done.stderr
    assert "16 sessions, 463 turns" in done.stderr
    return path


def test_every_turn_of_the_sample_is_scored_and_one_is_truncated(scores: Path) -> None:
    turns = pl.read_parquet(scores)
    assert turns.height == 463
    assert "text" not in turns.columns
    assert turns["truncated"].sum() == 1
    assert turns.null_count().select("task", "bond", "goal", "total").row(0) == (0, 0, 0, 0)


def test_the_printed_gap_is_the_mean_of_the_sessions_gaps(scores: Path) -> None:
    printed = pl.DataFrame(json.loads(alliance("gap", scores, "--json").stdout))
    turns = pl.read_parquet(scores)
    assert printed.height == 4 * 4
    means = turns.group_by("session_id", "condition", "role").agg(pl.col("bond").cast(pl.Float64).mean())
    wide = means.pivot("role", index=["session_id", "condition"], values="bond")
    by_hand = wide.group_by("condition").agg((pl.col("therapist") - pl.col("patient")).mean()).sort("condition")
    bond = printed.filter(pl.col("scale") == "bond").sort("condition")
    assert bond["gap"].to_list() == pytest.approx(by_hand["therapist"].to_list(), abs=1e-9)
    assert bond["n_sessions"].to_list() == [4, 4, 4, 4]


def test_scoring_twice_gives_the_same_bytes(scores: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.parquet"
    assert alliance("score", SAMPLE, "-o", again, "--threads", 1).returncode == 0
    assert again.read_bytes() == scores.read_bytes()


def test_annomi_is_read_with_a_mapping_and_nothing_else(annomi_path: Path, tmp_path: Path) -> None:
    head = tmp_path / "talk.csv"
    pl.read_csv(annomi_path, n_rows=200).write_csv(head)
    mapping = ["session_id=transcript_id", "turn_index=utterance_id", "role=interlocutor", "text=utterance_text"]
    flags = [flag for pair in mapping for flag in ("--map", pair)]
    done = alliance("score", head, "-o", tmp_path / "out.csv", *flags)
    assert done.returncode == 0, done.stderr
    assert pl.read_csv(tmp_path / "out.csv").height == 200
