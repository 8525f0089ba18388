"""Work that takes long: a sign of life where a person looks on, and Ctrl-C heard at once.

The work runs in a thread of its own. Native code hears Ctrl-C only between its steps, which take seconds on millions
of turns; the main thread hears it at once, and what is then still under way is left to the end of the process.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from concurrent.futures import Future, wait
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

QUIET_SECONDS: Final = 1.0
"""Work that is done by then shows no sign of life."""

PATIENCE_SECONDS: Final = 0.5
"""How long stopped work may take to end by itself."""

_NAME: Final = "alliancekit-work"
_TICK_SECONDS: Final = 0.1


class StoppedError(BaseException):
    """The work was told to stop. Not an `Exception`, so that nothing takes it for an error and goes on."""


class Steps:
    """How far the work is, told by its thread and read by the main one."""

    def __init__(self) -> None:
        self.stopped = False
        self.part = 0
        self.done = 0
        self.total: int | None = None

    def __call__(self, done: int, total: int) -> None:
        """Take note of the progress of one part, turns read or replicates made; a command has several parts."""
        if self.stopped:
            raise StoppedError
        if self.part == 0 or done <= self.done:
            self.part += 1
        self.done, self.total = done, total


def carry_out(work: Callable[[Steps], Result]) -> Result:
    """Run `work` in a thread and give its result, or raise what it raised.

    Args:
        work: called with what to tell its progress (done, of).

    >>> carry_out(lambda progress: progress(1, 2) or "done")
    'done'

    """
    steps, outcome = Steps(), Future[Result]()
    thread = threading.Thread(target=_settle, args=(work, steps, outcome), name=_NAME, daemon=True)
    thread.start()
    try:
        with ExitStack() as shown:
            _watch(steps, outcome, shown)
        return outcome.result()
    finally:
        steps.stopped = True
        thread.join(PATIENCE_SECONDS)


def _settle(work: Callable[[Steps], Result], steps: Steps, outcome: Future[Result]) -> None:
    try:
        outcome.set_result(work(steps))
    except BaseException as error:  # noqa: BLE001 - raised again in the main thread
        outcome.set_exception(error)


def _watch(steps: Steps, outcome: Future[Result], shown: ExitStack) -> None:
    """Wait for the end, in short waits: Polars' handler of Ctrl-C lets a long one go on."""
    start, show = time.monotonic(), None
    while not wait([outcome], timeout=_TICK_SECONDS).done:
        if show is None and sys.stderr.isatty() and time.monotonic() - start >= QUIET_SECONDS:
            show = _bar(shown)
        if show is not None:
            show(steps)


def _bar(shown: ExitStack) -> Callable[[Steps], None]:
    from rich.console import Console  # noqa: PLC0415 - takes time, and quick work needs no bar
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415

    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    bar = shown.enter_context(Progress(*columns, console=Console(stderr=True), transient=True))
    task = bar.add_task("reading", total=None)

    def show(steps: Steps) -> None:
        if steps.part:
            bar.update(task, description=f"working, part {steps.part}", completed=steps.done, total=steps.total)

    return show


def leave_at_once_if_work_goes_on(code: int) -> None:
    """End the process with `code` where stopped work is still inside native code, which Python cannot end."""
    if any(thread.name == _NAME for thread in threading.enumerate()):
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
