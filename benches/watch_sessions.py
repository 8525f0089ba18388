"""A million sessions through `alliance watch`: memory and disk: ``make bench-watch``.

The model is one of a few thousand random weights and the texts are four, since what is measured is the keeping of
sessions. Each session begins in its turn; then some of the first come back and have to go on where they were.
`--first N --state DIR` goes on with a run that was done before.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from benches.calibration import machine
from benches.corpus import tiny_bundle

import alliancekit as ak

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

SAID: Final = ("I trust you.", "We never agree, do we?", "No.", "The work is the goal always.")
TENTHS: Final = 10
BACK: Final = 20_000
MEGABYTE: Final = 1 << 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=1_000_000, help="sessions that begin")
    parser.add_argument("--first", type=int, default=0, help="number of the first of them")
    parser.add_argument("--state", type=Path, help="folder of `watch --state`; a temporary file otherwise")
    options = parser.parse_args()
    print(machine.line())
    with tempfile.TemporaryDirectory() as folder:
        bundle = tiny_bundle(Path(folder))
        reference = Path(folder, "reference.json")
        ak.build_reference(_known(ak.Scorer(bundle)), false_alarms=20).save(reference)
        state = [] if options.state is None else ["--state", str(options.state)]
        _watch(["--bundle", str(bundle), "--reference", str(reference), *state], options.first, options.sessions)


def _known(scorer: ak.Scorer) -> pl.DataFrame:
    """Score a corpus that says what is usual."""
    return scorer.score(ak.read(Path(__file__).parents[1] / "examples" / "sample-corpus").turns, echo=True)


def _watch(arguments: list[str], first: int, sessions: int) -> None:
    command = [sys.executable, "-m", "alliancekit.cli", "watch", *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own
        if process.stdin is None or process.stdout is None:
            raise SystemExit("no pipes")
        answers = Answers(process.stdout)
        reader = threading.Thread(target=answers.read)
        reader.start()
        each, start = sessions // TENTHS, time.perf_counter()
        for tenth in range(TENTHS):
            _send(process.stdin, range(first + tenth * each, first + (tenth + 1) * each))
            done, spent = first + (tenth + 1) * each, time.perf_counter() - start
            memory, disk = _memory(process.pid), _disk(process.pid)
            print(f"{done:,} sessions: {memory:,.0f} MB, {disk:,.0f} MB on disk, {spent:,.0f} s", flush=True)
        _send(process.stdin, range(min(BACK, sessions)))
        process.stdin.close()
        reader.join()
    print(f"then {min(BACK, sessions):,} came back: {answers.second:,} went on, {answers.bad:,} lines were refused")


class Answers:
    """Counts what comes back."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self.second = self.bad = 0

    def read(self) -> None:
        """Read to the end."""
        for line in self._stream:
            self.second += b'"turn_index":1,' in line[:100]
            self.bad += b'"problem"' in line[:100]


def _send(stream: IO[bytes], numbers: range) -> None:
    stream.writelines(_lines(numbers))
    stream.flush()


def _lines(numbers: range) -> Iterator[bytes]:
    """Give a turn of each session, whose ids come in no order."""
    for number in numbers:
        name = hashlib.blake2b(b"%d" % number, digest_size=16).hexdigest()
        turn = {"session_id": name, "role": "user", "text": SAID[number % len(SAID)]}
        yield json.dumps(turn).encode() + b"\n"


def _memory(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024


def _disk(pid: int) -> float:
    """Give the size of the files that it writes, those without a name too."""
    found = [descriptor.stat() for descriptor in Path(f"/proc/{pid}/fd").iterdir()]
    sizes = {(file.st_dev, file.st_ino): file.st_size for file in found if stat.S_ISREG(file.st_mode)}
    return sum(sizes.values()) / MEGABYTE


if __name__ == "__main__":
    main()
