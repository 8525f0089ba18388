"""Killed at any line of its code, as often as may be, a watch gives the output of one that was never killed."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.live.test_watch import LINES

from alliancekit.live import store as store_module
from alliancekit.live.store import SessionStore
from alliancekit.live.watch import sink as sink_module
from alliancekit.live.watch import source as source_module
from alliancekit.live.watch import watcher as watcher_module
from alliancekit.live.watch.lines import Names
from alliancekit.live.watch.sink import Sink
from alliancekit.live.watch.source import Source
from alliancekit.live.watch.stopping import Stopping
from alliancekit.live.watch.watcher import OUTPUT, PLACE, Watcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from _typeshed import TraceFunction

    import alliancekit as ak
    from alliancekit import Reference

FILES: Final = {module.__file__ for module in (store_module, sink_module, source_module, watcher_module)}
INPUT: Final = LINES[5:13]

Place = tuple[str, int]


class KilledError(BaseException):
    """What stands for SIGKILL: nothing in the code catches it."""


@contextmanager
def killing(at: int | None, seen: list[Place] | None = None) -> Iterator[None]:
    """Run the block until the watch's code is at its n-th line."""
    lines = 0

    def trace(frame: FrameType, event: str, _: object) -> TraceFunction | None:
        nonlocal lines
        if frame.f_code.co_filename not in FILES:
            return None
        if event == "line":
            lines += 1
            if seen is not None:
                seen.append((frame.f_code.co_filename, frame.f_lineno))
            if lines == at:
                raise KilledError
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        yield
    except KilledError:
        pass
    finally:
        sys.settrace(before)


class Room:
    """A folder with an input, and a reader of the output, who may be at the end of a pipe."""

    def __init__(self, folder: Path, scorer: ak.Scorer, reference: Reference, *, pipe: bool) -> None:
        self._folder, self._scorer, self._reference = folder, scorer, reference
        (folder / "in").write_text("\n".join(INPUT) + "\n")
        self._pipe = pipe
        self._received: list[str] = []

    def watch(self, *, kill: int | None = None, seen: list[Place] | None = None) -> None:
        """Watch until the end, or until killed."""
        if not self._pipe:
            self._run(self._folder / "out", kill, seen)
            return
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self._run(Path(f"/dev/fd/{writing}"), kill, seen)
        os.close(writing)
        # Not to the pipe's end: a sink that was killed while it was made never lets go of the other one.
        try:
            received = os.read(reading, 1 << 20)
        except BlockingIOError:
            received = b""
        os.close(reading)
        # A line that was cut by the kill is not one that was received.
        self._received += received.decode().split("\n")[:-1]

    def _run(self, output: Path, kill: int | None, seen: list[Place] | None) -> None:
        made: list[SessionStore | Source | Sink] = []
        with Stopping() as stopping:
            with killing(kill, seen):
                store = SessionStore(self._scorer, self._reference, folder=self._folder / "state", active=1)
                made.append(store)
                sink = Sink(output, store.fact(OUTPUT))
                made.append(sink)
                source = Source(self._folder / "in", stopping, store.fact(PLACE))
                made.append(source)
                watcher = Watcher(self._scorer, store, Names({}, {}), lambda *_: None, lambda *_: None)
                watcher.send_again(sink, len(self._received))
                watcher.run(source.batches(), sink)
            for thing in made:
                thing.close()
        if not made:
            # Killed while the store was made: what a process would have held is let go of, SQLite's lock above all.
            gc.collect()

    def output(self) -> list[str]:
        """Give what a reader has in the end."""
        return self._received if self._pipe else (self._folder / "out").read_text().splitlines()


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_module, "MOST_LINES", 3)


@pytest.fixture(params=[False, True], ids=["file", "pipe"])
def pipe(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


def test_killed_at_each_line_of_its_code(
    tiny_scorer: ak.Scorer, tiny_reference: Reference, *, pipe: bool, tmp_path: Path
) -> None:
    seen: list[Place] = []
    room = Room(tmp_path, tiny_scorer, tiny_reference, pipe=pipe)
    room.watch(seen=seen)
    expected = room.output()
    assert len(expected) == len(INPUT)
    last = {place: at for at, place in enumerate(seen, 1)}
    assert len(last) > 100
    # Fewer to a pipe: it differs in little, and each takes a while.
    for kill in list(last.values())[:: 1 + pipe]:
        with TemporaryDirectory() as folder:
            room = Room(Path(folder), tiny_scorer, tiny_reference, pipe=pipe)
            room.watch(kill=kill)
            room.watch()
            assert room.output() == expected, seen[kill - 1]


@settings(max_examples=15)
@given(kills=st.lists(st.integers(1, 600), min_size=1, max_size=4), pipe=st.booleans())
def test_killed_again_and_again(
    tiny_scorer: ak.Scorer, tiny_reference: Reference, kills: list[int], *, pipe: bool
) -> None:
    with TemporaryDirectory() as undisturbed, TemporaryDirectory() as disturbed:
        never, often = (
            Room(Path(folder), tiny_scorer, tiny_reference, pipe=pipe) for folder in (undisturbed, disturbed)
        )
        never.watch()
        for kill in kills:
            often.watch(kill=kill)
        often.watch()
        assert often.output() == never.output()
