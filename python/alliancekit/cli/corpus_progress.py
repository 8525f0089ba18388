"""How far a run is: a bar on a terminal, lines of JSON for programs, silence in a pipe."""

from __future__ import annotations

import json
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from alliancekit.cli.options import ProgressChoice
from alliancekit.labels import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from alliancekit.corpus import Status
    from alliancekit.readers import Problem

SECONDS_BETWEEN: Final = 1.0
"""Between two lines of JSON."""


@dataclass(slots=True)
class Display:
    """What is shown while a run goes on.

    Attributes:
        progress: takes the run's status.
        problem: takes the first problem of each kind.
        as_json: whether everything is JSON.
        close: takes the bar away.

    """

    progress: Callable[[Status], object]
    problem: Callable[[Problem], object]
    as_json: bool = False
    close: Callable[[], object] = lambda: None


@contextmanager
def display(choice: ProgressChoice) -> Iterator[Display]:
    """Give the display that was asked for."""
    if choice is ProgressChoice.JSON:
        yield Display(_Lines().show, _problem_as_json, as_json=True)
    elif choice is ProgressChoice.AUTO and sys.stderr.isatty():
        yield from _bar()
    else:
        yield Display(lambda _: None, lambda problem: _write(_problem_line(problem)))


def figures(status: Status) -> dict[str, Any]:
    """Give a status for programs: shares are 0 to 1, `seconds_left` null where it is not known."""
    left = status.seconds_left
    return {
        "stage": status.stage,
        "turns": status.turns + int(status.in_work),
        "share": round(status.share, 4),
        "turns_per_second": round(status.rate, 1),
        "new_texts": round(status.new_texts / status.texts, 4) if status.texts else None,
        "truncated": status.truncated,
        "quarantined": status.quarantined,
        "parts": status.parts,
        "seconds": round(status.seconds, 1),
        "seconds_left": None if left is None else round(left, 1),
    }


def line(status: Status) -> str:
    """Give a status for people."""
    if status.stage == "hashing":
        return "looking at the files"
    new = f"{status.new_texts / status.texts:.0%} new texts, " if status.texts else ""
    return (
        f"{status.turns + int(status.in_work):,} turns, {status.rate:,.0f}/s, {new}{status.truncated:,} truncated, "
        f"{status.quarantined:,} quarantined"
    )


class _Lines:
    """Writes a line of JSON a second, and one at each change of stage."""

    def __init__(self) -> None:
        self._last = 0.0
        self._stage = ""

    def show(self, status: Status) -> None:
        now = time.monotonic()
        if status.stage != self._stage or now - self._last >= SECONDS_BETWEEN:
            self._last, self._stage = now, status.stage
            _write(json.dumps({"event": "progress", **figures(status)}))


def _bar() -> Iterator[Display]:
    from rich.console import Console  # noqa: PLC0415 - takes time, and a pipe needs no bar
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415

    columns = (
        BarColumn(bar_width=20),
        TaskProgressColumn(),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[left]}"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("looking at the files", total=1.0, left="")

        def show(status: Status) -> None:
            bar.update(task, completed=status.share, description=line(status), left=_left(status.seconds_left))

        yield Display(show, lambda problem: bar.console.print(_problem_line(problem), markup=False), close=bar.stop)


def _left(seconds: float | None) -> str:
    if seconds is None:
        return ""
    minutes, hours = int(seconds // 60 % 60), int(seconds // 3600)
    return f"about {hours}:{minutes:02}:{int(seconds % 60):02} left"


def _problem_line(problem: Problem) -> str:
    return printable(f"{problem.severity}: {problem}")


def _problem_as_json(problem: Problem) -> None:
    found = {"severity": problem.severity, "code": problem.code, "row": problem.row, "file": str(problem.path)}
    _write(json.dumps({"event": "problem", **found, "message": problem.message}))


def _write(text: str) -> None:
    sys.stderr.write(text + "\n")
