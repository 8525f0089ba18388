"""The work of `alliance watch`: sessions opened, lines through, alerts and a summary on stderr."""

from __future__ import annotations

import signal
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import typer

from alliancekit.cli.exit_codes import ExitCode
from alliancekit.cli.stopping import TerminatedError
from alliancekit.errors import ParameterError
from alliancekit.labels import counted, printable
from alliancekit.live.notice import NOTICE
from alliancekit.live.signals.states import ALERT
from alliancekit.live.store import SessionStore
from alliancekit.live.watch.sink import Sink
from alliancekit.live.watch.source import Source
from alliancekit.live.watch.stopping import StopAskedError, Stopping
from alliancekit.live.watch.watcher import OUTPUT, PLACE, Watcher

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.live.reference import Reference
    from alliancekit.live.update import Update
    from alliancekit.live.watch.lines import Names
    from alliancekit.scorer import Scorer

SAID: Final = 10
"""Bad lines that are told one by one; the rest are counted, and all are in the output."""

NO_TURNS: Final = (
    'no line was a turn; a line is JSON: {"session_id": "s1", "role": "user", "text": "…"}. '
    "`alliance score` reads tables and transcripts."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked for."""

    file: Path | None
    follow: Path | None
    output: Path | None
    state: Path | None
    received: int | None
    active: int
    from_start: bool
    force: bool

    @property
    def input(self) -> Path | None:
        """The file that is read; None for standard input."""
        return self.follow or self.file

    def check(self) -> None:
        """Refuse options that make no sense together.

        Raises:
            ParameterError: they do not.

        """
        if self.file is not None and self.follow is not None:
            raise ParameterError("FILE is read to its end, --follow FILE waits for more: name one of them")
        if self.state is None and (self.from_start or self.received is not None):
            raise ParameterError("--from-start and --received are for going on, which needs --state DIR")
        if self.input is not None and self.from_start:
            raise ParameterError("--from-start is for standard input; of a file it is known where it was")
        if self.input is not None and self.output is not None and self.input.resolve() == self.output.resolve():
            raise ParameterError(f"{self.output}: the output is the input. Name another file.")


def watch_until_stopped(request: Request, scorer: Scorer, reference: Reference | None, names: Names) -> None:
    """Watch until the input ends or a signal comes."""
    store = SessionStore(scorer, reference, folder=request.state, active=request.active)
    told = _Told()
    watcher = Watcher(scorer, store, names, told.update, told.bad_line)
    try:
        with Stopping() as stopping, ExitStack() as opened:
            sink = Sink(request.output, store.fact(OUTPUT), force=request.force)
            opened.callback(sink.close)
            follow, place = request.follow is not None, store.fact(PLACE)
            source = Source(request.input, stopping, place, follow=follow, from_start=request.from_start)
            opened.callback(source.close)
            if source.is_another:
                sys.stderr.write("note: the input is not the file of the run before, or was cut: read from its start\n")
            if request.received is not None:
                watcher.send_again(sink, request.received)
            sys.stderr.write(f"{NOTICE}\n")
            _run(watcher, source, sink)
    finally:
        store.close()
    if watcher.counts.bad_lines:
        raise typer.Exit(ExitCode.QUARANTINED)


def _run(watcher: Watcher, source: Source, sink: Sink) -> None:
    try:
        watcher.run(source.batches(), sink)
    except StopAskedError as stop:
        raise (KeyboardInterrupt if stop.number == signal.SIGINT else TerminatedError) from None
    finally:
        counts = watcher.counts
        sys.stderr.write(f"{counted(counts.turns, 'turn')}, {counted(counts.bad_lines, 'bad line')}\n")
        if counts.bad_lines and not counts.turns:
            sys.stderr.write(f"{NO_TURNS}\n")


class _Told:
    """What a person is told."""

    def __init__(self) -> None:
        self._bad = 0

    def update(self, session_id: str, update: Update) -> None:
        """Say which alerts began or ended."""
        standing = {(signal.name, signal.scale): signal for signal in update.signals}
        for change in update.changed:
            if ALERT not in (change.before, change.now):
                continue
            found = standing[change.signal, change.scale]
            on = f" on {change.scale}" if change.scale else ""
            where = f"session {printable(session_id)}, turn {update.turn_index}: {change.signal}{on}"
            if change.now == ALERT:
                turns = ", ".join(map(str, found.turns))
                sys.stderr.write(f"ALERT {where} (turns {turns}). {NOTICE}\n")
            else:
                sys.stderr.write(f"over  {where}, now {change.now}\n")

    def bad_line(self, number: int, problem: str) -> None:
        """Say what is wrong with a line."""
        self._bad += 1
        if self._bad <= SAID:
            sys.stderr.write(f"warning: line {number}: {printable(problem)}\n")
        elif self._bad == SAID + 1:
            sys.stderr.write("warning: further bad lines are counted; the output names each\n")
