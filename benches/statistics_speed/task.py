"""One step in a process of its own: how long it took, and how much memory it had at most."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

KIB_PER_GIB = 2**20


@dataclass(frozen=True, slots=True)
class Task:
    """What a step works on."""

    corpus: str
    resamples: int
    """What is asked for."""
    measured: int
    """What the peer does of it; the rest is extrapolated."""
    threads: int


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds and peak memory of a step, and the processor seconds that what it left out would take."""

    wall: float
    processor: float
    gib: float
    left_out: float = 0.0

    @property
    def extrapolated(self) -> float:
        """Processor seconds of the whole."""
        return self.processor + self.left_out


def measured(step: Callable[[Task], float | None], task: Task) -> Cost:
    """Run a step here; one that leaves something out returns the seconds that it would take."""
    wall, processor = time.perf_counter(), time.process_time()
    left_out = step(task) or 0.0
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return Cost(wall, processor, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_GIB, left_out)


def in_own_process(module: str, step: str, task: Task) -> Cost:
    """Run a step of `module` in a fresh interpreter and give what it cost."""
    command = [sys.executable, "-m", "benches.statistics_speed", "--step", module, step, json.dumps(asdict(task))]
    environment = {**os.environ, "POLARS_MAX_THREADS": str(task.threads)}
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603 - our own
    return Cost(**json.loads(done.stdout.splitlines()[-1]))
