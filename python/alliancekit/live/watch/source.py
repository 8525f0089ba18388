"""Lines from standard input, a file, or a file that grows, in batches, with the place where each batch ends."""

from __future__ import annotations

import os
import select
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from alliancekit.live.watch.descriptors import identity, opened
from alliancekit.live.watch.lines import LONGEST_LINE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from alliancekit.live.watch.stopping import Stopping

CHUNK: Final = 1 << 16
MOST_LINES: Final = 256
"""Lines in a batch at most: enough to keep the encoder busy, few enough to be answered soon."""
PATIENCE_S: Final = 0.2
"""How often a file that grows is looked at."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Whole lines, and the place after them."""

    lines: list[bytes]
    place: dict[str, Any]


class Source:
    """Reads lines.

    Args:
        path: a file; None is standard input.
        stopping: heard while nothing comes.
        place: where to go on, from a `Batch` of a run before; None at the beginning.
        follow: wait at the file's end for more; otherwise, and for standard input, the end is the end.
        from_start: standard input is a pipe that begins anew: what was done is skipped.

    Attributes:
        is_another: the file is not the one of `place`, or was cut since: it is read from its beginning.

    Raises:
        FileAccessError: the file cannot be opened.

    """

    def __init__(
        self,
        path: Path | None,
        stopping: Stopping,
        place: Mapping[str, Any] | None,
        *,
        follow: bool = False,
        from_start: bool = False,
    ) -> None:
        self._followed = path if follow else None
        self._stopping = stopping
        self._fd = 0 if path is None else opened(path, os.O_RDONLY)
        self._is_file = stat.S_ISREG(os.fstat(self._fd).st_mode)
        self._rest = bytearray()
        self.is_another = False
        self._take_up(place, from_start=from_start)

    def _take_up(self, place: Mapping[str, Any] | None, *, from_start: bool) -> None:
        self.lines = 0
        self._offset = os.lseek(self._fd, 0, os.SEEK_CUR) if self._is_file else 0
        self._skip = 0
        if place is None:
            return
        if not self._is_file:
            self.lines = 0 if from_start else place["lines"]
            self._skip = place["lines"] if from_start else 0
        elif place["file"] == self._identity() and place["offset"] <= os.fstat(self._fd).st_size:
            self._offset, self.lines = place["offset"], place["lines"]
            if not place["whole"] and os.pread(self._fd, 1, self._offset) == b"\n":
                self._offset += 1  # its last line has got its end since then
            os.lseek(self._fd, self._offset, os.SEEK_SET)
        else:
            self.is_another = True

    def _identity(self) -> str | None:
        return identity(self._fd) if self._is_file else None

    def batches(self) -> Iterator[Batch]:
        """Give lines as they come; ends with the input, never with a file that is followed."""
        while True:
            self._stopping.check()
            chunk = self._read()
            if chunk:
                self._rest += chunk
                yield from self._whole_lines()
            elif chunk is None:
                break
        if self._rest:
            yield self._batch([bytes(self._rest)], whole=False)

    def _read(self) -> bytes | None:
        """Give what is there; nothing after a wait, None at the end."""
        if not self._is_file:
            ready, _, _ = select.select([self._fd, self._stopping.wakes], [], [])
            if self._fd not in ready:
                return b""
        chunk = os.read(self._fd, CHUNK)
        if chunk:
            return chunk
        if self._followed is None:
            return None
        return self._from_what_came_after()

    def _from_what_came_after(self) -> bytes:
        """Begin anew where the file was cut, or another one has taken its name (as log rotation does)."""
        new = self._other_file()
        if not new and not self._is_cut():
            select.select([self._stopping.wakes], [], [], PATIENCE_S)
            return b""
        # What was written before the change, and after the last look, comes first; then a last line without its end.
        late = os.read(self._fd, CHUNK)
        if late or self._rest:
            return late or b"\n"
        if new:
            os.close(self._fd)
            self._fd = opened(new, os.O_RDONLY)
        os.lseek(self._fd, 0, os.SEEK_SET)
        self._offset = self.lines = 0
        return b""

    def _other_file(self) -> Path | None:
        """Give the path that is followed if it now names another file."""
        try:
            named = None if self._followed is None else self._followed.stat()
        except OSError:
            return None
        mine = os.fstat(self._fd)
        same = named is None or (named.st_dev, named.st_ino) == (mine.st_dev, mine.st_ino)
        return None if same else self._followed

    def _is_cut(self) -> bool:
        return self._is_file and os.fstat(self._fd).st_size < os.lseek(self._fd, 0, os.SEEK_CUR)

    def _whole_lines(self) -> Iterator[Batch]:
        end = self._rest.rfind(b"\n") + 1
        if not end:
            self._drop_what_is_too_long()
            return
        lines = bytes(self._rest[:end]).split(b"\n")[:-1]
        del self._rest[:end]
        for start in range(0, len(lines), MOST_LINES):
            batch = self._batch(lines[start : start + MOST_LINES])
            if batch.lines:
                yield batch
                if self._is_file:
                    self._stopping.check()  # what a pipe has given does not come again

    def _batch(self, lines: list[bytes], *, whole: bool = True) -> Batch:
        self._offset += sum(map(len, lines)) + len(lines) * whole
        skipped = min(self._skip, len(lines))
        self._skip -= skipped
        self.lines += len(lines)
        place = {"file": self._identity(), "offset": self._offset, "lines": self.lines, "whole": whole}
        return Batch(lines[skipped:], place)

    def _drop_what_is_too_long(self) -> None:
        # The head of such a line is enough to say that it is too long.
        if len(self._rest) > LONGEST_LINE + CHUNK:
            self._offset += len(self._rest) - LONGEST_LINE - 1
            del self._rest[LONGEST_LINE + 1 :]

    def close(self) -> None:
        """Let go of a file; standard input stays open."""
        if self._fd != 0:
            os.close(self._fd)
