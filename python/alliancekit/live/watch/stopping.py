"""Ctrl-C and SIGTERM between two batches, never within one: what was read is finished and written first."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Self

from alliancekit.errors import AllianceError

if TYPE_CHECKING:
    from types import FrameType


class StopAskedError(AllianceError):
    """A signal came; `number` says which."""

    def __init__(self, number: int) -> None:
        super().__init__(f"stopped by signal {number}")
        self.number = number


class Stopping:
    """Takes note of SIGINT and SIGTERM; `wakes` becomes readable when one comes.

    A second one ends the work at once, as the handlers from before do.
    """

    def __init__(self) -> None:
        self.asked: int | None = None
        self.wakes, self._wake = os.pipe()
        self._before: dict[int, object] = {}

    def __enter__(self) -> Self:
        # Python lets the main thread alone set handlers; elsewhere nobody sends signals to it.
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._take_note)
        return self

    def __exit__(self, *_: object) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]  # what signal.signal gave
        os.close(self.wakes)
        os.close(self._wake)

    def check(self) -> None:
        """Raise if a signal came.

        Raises:
            StopAskedError: one did.

        """
        if self.asked is not None:
            raise StopAskedError(self.asked)

    def _take_note(self, number: int, frame: FrameType | None) -> None:
        before = self._before[number]
        if self.asked is not None and callable(before):
            before(number, frame)
        self.asked = number
        os.write(self._wake, b"\0")
