"""Corpora dealt to processes in chunks; what is done is kept at once, and Ctrl-C loses no finished chunk."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import time
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from typing import TYPE_CHECKING

from benches.calibration.cell import Cell, Tally, tallied
from benches.calibration.questions import QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benches.calibration.cache import Chunks

    Work = Future[tuple[float, dict[str, Tally]]]


def measure(cell: Cell, number: int) -> tuple[float, dict[str, Tally]]:
    """Simulate a chunk of a cell's corpora: the seconds of one core that took, and the counts."""
    start = time.process_time()
    tallies = tallied(QUESTIONS[cell.question].outcomes(cell, seed) for seed in cell.seeds(number))
    return time.process_time() - start, tallies


def run(cells: list[Cell], corpora: int, jobs: int, chunks: Chunks) -> None:
    """Do what is missing. A KeyboardInterrupt is passed on after the chunks under way are kept."""
    todo = chunks.missing(cells, corpora)
    os.environ["POLARS_MAX_THREADS"] = "1"  # of the workers, which are started below: one core each
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs, context, signal.signal, (signal.SIGINT, signal.SIG_IGN))
    waiting = iter(todo)
    running: dict[Work, tuple[Cell, int]] = {}
    try:
        _fill(pool, waiting, running, 2 * jobs)
        for done in _finished(pool, waiting, running, 2 * jobs, chunks):
            _tell(done, len(todo))
    except KeyboardInterrupt:
        pool.shutdown(cancel_futures=True)
        for work, (cell, number) in running.items():
            if not work.cancelled():
                chunks.add(cell, number, *work.result())
        raise
    finally:
        pool.shutdown(cancel_futures=True)


def _fill(
    pool: ProcessPoolExecutor, waiting: Iterator[tuple[Cell, int]], running: dict[Work, tuple[Cell, int]], most: int
) -> None:
    while len(running) < most and (following := next(waiting, None)) is not None:
        running[pool.submit(measure, *following)] = following


def _finished(
    pool: ProcessPoolExecutor,
    waiting: Iterator[tuple[Cell, int]],
    running: dict[Work, tuple[Cell, int]],
    most: int,
    chunks: Chunks,
) -> Iterator[int]:
    """Keep chunks as they are done and give their number so far."""
    count = 0
    while running:
        for work in wait(running, return_when=FIRST_COMPLETED).done:
            cell, number = running.pop(work)
            chunks.add(cell, number, *work.result())
            count += 1
            yield count
        _fill(pool, waiting, running, most)


def _tell(done: int, of: int, every: int = 20) -> None:
    if done % every == 0 or done == of:
        end = "\n" if done == of else ""
        print(f"\r  {done:,} of {of:,} chunks", end=end, file=sys.stderr, flush=True)
