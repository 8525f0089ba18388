"""The tables as alliancekit makes them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from benches.statistics_speed.corpus import BUILD

import alliancekit as ak

if TYPE_CHECKING:
    from collections.abc import Callable

    from benches.statistics_speed.task import Task

SESSIONS = BUILD / "sessions.parquet"


def sessions(task: Task) -> None:
    ak.sessions(pl.scan_parquet(task.corpus)).write_parquet(SESSIONS)


def gap(task: Task) -> None:
    ak.gap(pl.read_parquet(SESSIONS), by="condition", resamples=task.resamples, threads=task.threads)


def compare(task: Task) -> None:
    table = pl.read_parquet(SESSIONS)
    ak.compare(table, target="suicidality", resamples=task.resamples, threads=task.threads)


def trajectories(task: Task) -> None:
    turns = pl.scan_parquet(task.corpus)
    ak.trajectories(turns, by="condition", resamples=task.resamples, threads=task.threads)


def closing(task: Task) -> None:
    """Convergence without coupling, which needs the session table alone."""
    table = pl.read_parquet(SESSIONS)
    ak.convergence(table, by="condition", coupling=False, resamples=task.resamples, threads=task.threads)


def convergence(task: Task) -> None:
    turns = pl.scan_parquet(task.corpus)
    ak.convergence(turns, by="condition", resamples=task.resamples, threads=task.threads)


def everything(task: Task) -> None:
    for step in (sessions, gap, compare, trajectories, convergence):
        step(task)


STEPS: dict[str, Callable[[Task], None]] = {
    step.__name__: step for step in (sessions, gap, compare, trajectories, closing, convergence, everything)
}


def remove_results() -> None:
    """Forget the session table of an earlier run."""
    Path(SESSIONS).unlink(missing_ok=True)
