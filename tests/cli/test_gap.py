"""`alliance gap`: what it asks of the statistics, and what it prints of their answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.conftest import TURNS

from alliancekit.cli import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended, FakeStats


def test_the_table_has_a_row_a_group_and_says_what_a_gap_is(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path
) -> None:
    ended = alliance("gap", scores)
    assert ended.code == ExitCode.CLEAN
    assert stats.asked["by"] == ["condition"]
    assert stats.asked["scales"] == ["warmth"]
    first = next(line for line in ended.out.splitlines() if "[red]" in line)
    figures = ["0.1235", "0.3000", "0.1765", "[-0.0100,", "0.4000]", "<0.001", "<0.001", "0.50", "-0.2000", "12"]
    assert first.split() == ["[red]\\x1b[2J", "warmth", *figures]
    assert "one session: no interval (d\N{FAMILY})" in ended.out
    assert "not ratings" in ended.out
    assert "relative to the instrument" in " ".join(ended.out.split())


def test_without_condition_the_whole_corpus_is_one_group(
    alliance: Callable[..., Ended], stats: FakeStats, tmp_path: Path
) -> None:
    TURNS.rename({"warmth": "bond"}).write_csv(tmp_path / "s.csv")
    assert alliance("gap", tmp_path / "s.csv").code == ExitCode.CLEAN
    assert (stats.asked["by"], stats.asked["scales"]) == ([], ["bond"])
    assert stats.asked["turns"]["session_id"].to_list() == ["007", "007"]


def test_the_forms_of_one_group_stand_together(alliance: Callable[..., Ended], stats: FakeStats, scores: Path) -> None:
    ended = alliance("gap", scores, "--form", "all")
    assert stats.asked["form"] == "all"
    rows = [line.split() for line in ended.out.splitlines() if "warmth" in line]
    assert [row[2:4] for row in rows] == [[form, "no"] for form in ("own", "patient", "therapist")] * 2
    assert "one session: no interval (d\N{FAMILY})" in ended.out
    assert "sensitivity analysis" in " ".join(ended.out.split())


def test_the_intervals_are_named_by_their_confidence(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path
) -> None:
    ended = alliance("gap", scores, "--confidence", 0.9)
    assert stats.asked["confidence"] == 0.9
    assert "90 % CI" in ended.out
