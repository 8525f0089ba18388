"""What a table leaves out where the terminal is narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alliancekit.cli import ExitCode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended, FakeStats

COMMANDS = (["gap"], ["sessions"], ["convergence"], ["trajectories"], ["compare", "--target", "suicidality"])


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: str(command[0]))
@pytest.mark.parametrize("width", [80, 100])
def test_tables_fit_the_terminal(  # noqa: PLR0913, PLR0917 - pytest passes them by name
    alliance: Callable[..., Ended],
    stats: FakeStats,
    monkeypatch: pytest.MonkeyPatch,
    scores: Path,
    command: list[str],
    width: int,
) -> None:
    monkeypatch.setattr("alliancekit.cli.tables.PIPED_WIDTH", width)
    ended = alliance(*command, scores)
    assert ended.code == ExitCode.CLEAN
    assert stats.asked
    lines = ended.out.splitlines()
    assert max(map(len, lines)) <= width
    # No cell is broken: a row of the table is a line.
    assert len([line for line in lines if "warmth" in line and ":" not in line.split()]) >= 2


def test_what_there_is_no_room_for_is_named(
    alliance: Callable[..., Ended], stats: FakeStats, monkeypatch: pytest.MonkeyPatch, scores: Path
) -> None:
    assert "no room" not in alliance("gap", scores).out
    monkeypatch.setattr("alliancekit.cli.tables.PIPED_WIDTH", 60)
    out = alliance("gap", scores).out
    assert stats.asked
    header = out.splitlines()[0]
    assert ("gap" in header, "95 % CI" in header, "patient" in header) == (True, True, False)
    assert "no room here for: patient, therapist, p, effect, misalignment" in " ".join(out.split())
