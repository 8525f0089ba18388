"""An iterator that is gone through in a thread of its own, a few items ahead of whoever takes them."""

from __future__ import annotations

import queue
import threading
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

Item = TypeVar("Item")

TICK_SECONDS: Final = 0.1
"""How often a waiting thread looks around: for Ctrl-C, or for being told to stop."""

PATIENCE_SECONDS: Final = 0.5
"""How long a stopped thread may take to end by itself; it is a daemon."""


class Ahead(Generic[Item]):
    """Goes through an iterator ahead of its taker; an error comes out where the item would have.

    >>> with Ahead(iter("abc"), items=1) as letters:
    ...     list(letters)
    ['a', 'b', 'c']

    """

    def __init__(self, source: Iterator[Item], *, items: int) -> None:
        self._source = source
        self._queue: queue.Queue[tuple[bool, Item | BaseException | None]] = queue.Queue(items)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._go, name="alliancekit-ahead", daemon=True)

    def __enter__(self) -> Ahead[Item]:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._thread.join(PATIENCE_SECONDS)

    def __iter__(self) -> Iterator[Item]:
        while True:
            try:
                is_item, found = self._queue.get(timeout=TICK_SECONDS)
            except queue.Empty:
                continue
            if isinstance(found, BaseException):
                raise found
            if not is_item:
                return
            yield found  # type: ignore[misc] # what is an item and no error is of its type

    def _go(self) -> None:
        try:
            for item in self._source:
                if not self._put((True, item)):
                    return
            self._put((False, None))
        except BaseException as error:  # noqa: BLE001 - raised again where the items are taken
            self._put((False, error))

    def _put(self, entry: tuple[bool, Item | BaseException | None]) -> bool:
        while not self._stopped.is_set():
            try:
                self._queue.put(entry, timeout=TICK_SECONDS)
            except queue.Full:
                continue
            return True
        return False
