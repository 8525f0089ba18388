"""Ctrl-C and SIGTERM: the command cleans up after itself and ends with 130 or 143."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


class TerminatedError(BaseException):
    """SIGTERM came. Not an `Exception`, so that nothing takes it for an error and goes on."""


@contextmanager
def stopped_by_sigterm() -> Iterator[None]:
    """Raise `TerminatedError` on SIGTERM inside the block, so that temporary files are removed.

    >>> with stopped_by_sigterm():
    ...     signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    False

    """
    # Python lets the main thread alone set handlers; elsewhere the process keeps those that it has.
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, previous)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise TerminatedError
