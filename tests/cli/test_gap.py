"""`alliance gap`: what it asks of the statistics, and what it prints of their answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from alliancekit.cli import ExitCode
from alliancekit.scored import Provenance, write_scored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended, FakeStats

TURNS = pl.DataFrame(
    {"session_id": ["007", "007"], "turn_index": [0, 1], "role": ["patient", "therapist"], "warmth": [0.1, 0.2]}
)


@pytest.fixture
def scores(tmp_path: Path) -> Path:
    made = Provenance("0.1.0", ("warmth",), "own", "contrast", "00")
    write_scored(TURNS.with_columns(condition=pl.lit("anxiety")), tmp_path / "s.parquet", made)
    return tmp_path / "s.parquet"


def test_the_table_has_a_row_a_group_and_says_what_a_gap_is(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path
) -> None:
    ended = alliance("gap", scores)
    assert ended.code == ExitCode.CLEAN
    assert stats.asked["by"] == ["condition"]
    assert stats.asked["scales"] == ("warmth",)
    first = next(line for line in ended.out.splitlines() if "[red]" in line)
    figures = ["0.1235", "0.3000", "0.1765", "[-0.0100,", "0.4000]", "<0.001", "12"]
    assert first.split() == ["[red]\\x1b[2J", "warmth", *figures]
    assert "one session: no interval (d\N{FAMILY})" in ended.out
    assert "not ratings" in ended.out


def test_without_condition_the_whole_corpus_is_one_group(
    alliance: Callable[..., Ended], stats: FakeStats, tmp_path: Path
) -> None:
    TURNS.write_csv(tmp_path / "s.csv")
    assert alliance("gap", tmp_path / "s.csv").code == ExitCode.CLEAN
    assert (stats.asked["by"], stats.asked["scales"]) == ([], None)
    assert stats.asked["turns"]["session_id"].to_list() == ["007", "007"]


def test_json_is_in_full_precision(alliance: Callable[..., Ended], stats: FakeStats, scores: Path) -> None:
    records = json.loads(alliance("gap", scores, "--by", "condition", "--json").out)
    assert stats.asked["by"] == ["condition"]
    assert records[0]["gap"] == 0.17654321
    assert records[1]["ci_low"] is None


def test_the_table_is_written_in_full(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path, tmp_path: Path
) -> None:
    assert alliance("gap", scores, "-o", tmp_path / "gap.csv").code == ExitCode.CLEAN
    assert stats.asked
    assert pl.read_csv(tmp_path / "gap.csv")["gap"].to_list() == [0.17654321, None]


def test_a_column_that_is_missing_is_named_with_the_nearest(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path
) -> None:
    ended = alliance("gap", scores, "--by", "conditon")
    assert (ended.code, stats.asked) == (ExitCode.DATA, {})
    assert "Nearest: 'condition'" in ended.err
