"""Long work: a sign of life on a terminal, silence elsewhere, and an end at once when it is stopped."""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from alliancekit.cli import ExitCode, working

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Ended, FakeStats

PATIENCE = 60.0


class Terminal(io.StringIO):
    """A terminal that tells when a word has been shown."""

    def __init__(self, word: str) -> None:
        super().__init__()
        self.word = word
        self.seen = threading.Event()

    def isatty(self) -> bool:
        """Say that it is one."""
        return True

    def write(self, text: str) -> int:
        """Keep the text, and tell."""
        count = super().write(text)
        if self.word in self.getvalue():
            self.seen.set()
        return count


@pytest.mark.parametrize("word", ["reading", "working, part 2"])
def test_long_work_shows_life_on_a_terminal(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    terminal = Terminal(word)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(working, "QUIET_SECONDS", 0.0)
    monkeypatch.setenv("TERM", "xterm")

    def work(progress: working.Steps) -> bool:
        if word != "reading":
            progress(1, 2)
            progress(2, 2)
            progress(1, 2)
        return terminal.seen.wait(PATIENCE)

    assert working.carry_out(work)


@pytest.mark.parametrize("tty", [True, False])
def test_quick_work_and_pipes_show_nothing(monkeypatch: pytest.MonkeyPatch, *, tty: bool) -> None:
    terminal = Terminal("")
    monkeypatch.setattr(terminal, "isatty", lambda: tty)
    monkeypatch.setattr(sys, "stderr", terminal)
    monkeypatch.setattr(working, "QUIET_SECONDS", PATIENCE if tty else 0.0)
    assert working.carry_out(lambda progress: progress(1, 2)) is None
    assert not terminal.getvalue()


def test_what_the_work_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        working.carry_out(lambda _: 1 / 0)


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, ExitCode.INTERRUPTED), (signal.SIGTERM, ExitCode.TERMINATED)]
)
def test_a_signal_stops_the_work_at_its_next_step(
    alliance: Callable[..., Ended], stats: FakeStats, scores: Path, number: signal.Signals, code: ExitCode
) -> None:
    steps = threading.Event()

    def during(progress: Callable[[int, int], None]) -> None:
        os.kill(os.getpid(), number)
        try:
            while True:
                progress(1, 2)
        finally:
            steps.set()

    stats.during = during
    ended = alliance("gap", scores, "-o", scores.with_name("result.csv"))
    assert steps.wait(PATIENCE)
    assert ended.code == code
    assert sorted(path.name for path in scores.parent.iterdir()) == ["s.parquet"]


def test_work_that_cannot_be_stopped_is_left(
    alliance: Callable[..., Ended], stats: FakeStats, monkeypatch: pytest.MonkeyPatch, scores: Path
) -> None:
    release = threading.Event()
    left: list[int] = []
    monkeypatch.setattr(working, "PATIENCE_SECONDS", 0.01)
    monkeypatch.setattr("os._exit", left.append)

    def during(_: Callable[[int, int], None]) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        release.wait(PATIENCE)

    stats.during = during
    ended = alliance("gap", scores, "-o", scores.with_name("result.csv"))
    release.set()
    assert (ended.err, left) == ("Interrupted.\n", [ExitCode.INTERRUPTED])
    assert not scores.with_name("result.csv").exists()
