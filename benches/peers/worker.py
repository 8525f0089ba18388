"""A peer's process: opens one engine, waits, and encodes when it is told to.

Run as ``python -m benches.peers.worker ENGINE`` in the peer's own environment. A line of JSON in, a line of JSON out:
``open`` (with a `Place`), ``texts``, ``run`` (the first ``count`` texts; seconds and peak memory come back),
``vectors`` (of the last run, and of more sentences, into a file). An error never holds a text: where it arose
and its class, and its message only before any text was there.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from benches.peers.place import Place, Unable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benches.peers.place import Encode, Vectors

LONGEST_REASON = 160


class Worker:
    """What the process knows between two messages."""

    def __init__(self, engine: str) -> None:
        self.engine = engine
        self.encode: Encode | None = None
        self.texts: list[str] = []
        self.last: Vectors = np.zeros((0, 0), dtype=np.float32)

    def open(self, place: dict[str, Any]) -> dict[str, Any]:
        """Open the engine; its packages and their versions come back."""
        given = Place(**place)
        if hasattr(os, "sched_setaffinity"):
            # Peers that choose their own number of threads take one a processor: so they get no more than asked for.
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: given.threads])
        module = importlib.import_module(f"benches.peers.engines.{self.engine}")
        self.encode = module.open_engine(given)
        return {"versions": [_version(name) for name in module.PACKAGES]}

    def take(self, texts: list[str]) -> dict[str, Any]:
        """Keep the texts that rounds encode."""
        self.texts = texts
        return {}

    def run(self, count: int) -> dict[str, Any]:
        """Encode the first texts; seconds, vectors and peak memory come back."""
        start = time.perf_counter()
        self.last = self._encode(self.texts[:count])
        seconds = time.perf_counter() - start
        return {"seconds": seconds, "rows": len(self.last), "peak_mib": peak_mib()}

    def save(self, path: str, sentences: list[str]) -> dict[str, Any]:
        """Write the vectors of the last run, and those of more sentences after them."""
        np.save(path, np.concatenate([self.last, self._encode(sentences)]) if sentences else self.last)
        return {}

    def _encode(self, texts: Sequence[str]) -> Vectors:
        if self.encode is None:
            raise Unable("nothing is open")
        return np.asarray(self.encode(texts), dtype=np.float32)


def peak_mib() -> float:
    """Most memory that this process and its children have held (VmHWM), MiB; 0 where Linux is not there to say."""
    children = [number for path in Path("/proc/self/task").glob("*/children") for number in path.read_text().split()]
    return sum(_peak_kib(process) for process in ["self", *children]) / 1024


def _peak_kib(process: str) -> int:
    status = Path("/proc") / process / "status"
    lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def reason_of(error: BaseException, *, may_quote: bool) -> str:
    """Say what went wrong in a line, without the message where it could hold a text."""
    if isinstance(error, Unable):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    first = (str(error).strip().splitlines() or [""])[0] if may_quote else ""
    return f"{type(error).__name__} in {where}{': ' if first else ''}{first}"[:LONGEST_REASON]


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - only here

    try:
        return f"{package} {version(package)}"
    except PackageNotFoundError:
        return package


def answer(worker: Worker, message: dict[str, Any]) -> dict[str, Any]:
    """Do what a message says; an engine's failure is an answer too."""
    verb = message.pop("do")
    verbs: dict[str, Callable[..., dict[str, Any]]] = {
        "open": worker.open,
        "texts": worker.take,
        "run": worker.run,
        "vectors": worker.save,
    }
    try:
        return verbs[verb](**message)
    except Exception as error:  # noqa: BLE001 - a peer may fail as it likes; the run goes on
        return {"failed": reason_of(error, may_quote=verb == "open")}


def main() -> None:
    # Libraries print what they like; the answers get a channel of their own.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    worker = Worker(sys.argv[1])
    for line in sys.stdin:
        answers.write(json.dumps(answer(worker, json.loads(line))) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
