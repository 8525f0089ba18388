"""Turns of many clients scored together, in a queue that has an end."""

from __future__ import annotations

import asyncio
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from alliancekit.live.serve.problems import Problem
from alliancekit.live.serve.repeats import Repeats

if TYPE_CHECKING:
    from alliancekit.live.scored_turn import ScoredTurn
    from alliancekit.live.serve.metrics import Metrics
    from alliancekit.live.serve.settings import Settings
    from alliancekit.scorer import Scorer

    Turns = list[tuple[str, str | None]]


@dataclass(slots=True)
class Job:
    """Turns of one request, and who waits for them."""

    turns: Turns
    outcome: asyncio.Future[list[ScoredTurn]]


class Batcher:
    """Scores what waits, up to `Settings.batch_turns` at a time, in `Settings.batches` threads."""

    def __init__(self, scorer: Scorer, settings: Settings, metrics: Metrics) -> None:
        self._repeats = Repeats(scorer)
        self._settings = settings
        self._metrics = metrics
        self._waiting: deque[Job] = deque()
        self._size = 0
        self._threads = ThreadPoolExecutor(settings.batches, thread_name_prefix="alliancekit-score")
        self._running: set[asyncio.Task[None]] = set()

    async def score(self, turns: Turns) -> list[ScoredTurn]:
        """Score turns; in time, or not at all.

        Raises:
            Problem: too many wait (429), or these waited too long (504).

        """
        # Where nothing waits one request is taken, however many turns it has: later it would be refused as well.
        if self._size and self._size + len(turns) > self._settings.waiting_turns:
            self._metrics.refused.inc()
            raise Problem(429, headers={"Retry-After": "1"})
        job = Job(turns, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        self._grow(len(turns))
        self._start()
        try:
            async with asyncio.timeout(self._settings.answer_seconds):
                return await job.outcome
        except TimeoutError:
            raise Problem(504) from None

    def _grow(self, turns: int) -> None:
        self._size += turns
        self._metrics.waiting.set(self._size)

    def _start(self) -> None:
        # One at a time: a task takes its jobs when it first runs, and another one now would find none.
        if self._waiting and len(self._running) < self._settings.batches:
            task = asyncio.get_running_loop().create_task(self._work())
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _work(self) -> None:
        while jobs := self._next_jobs():
            turns = [turn for job in jobs for turn in job.turns]
            self._metrics.batches.observe(len(turns))
            try:
                scored = await self._scored(turns)
            except Exception as error:  # noqa: BLE001 - raised again where each request waits
                await self._each_alone(jobs, error)
                continue
            for job in jobs:
                own, scored = scored[: len(job.turns)], scored[len(job.turns) :]
                _settle(job, own)

    def _next_jobs(self) -> list[Job]:
        jobs: list[Job] = []
        size = 0
        while self._waiting and (not jobs or size + len(self._waiting[0].turns) <= self._settings.batch_turns):
            job = self._waiting.popleft()
            self._grow(-len(job.turns))
            if not job.outcome.done():
                jobs.append(job)
                size += len(job.turns)
        return jobs

    async def _scored(self, turns: Turns) -> list[ScoredTurn]:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._repeats.score, turns)

    async def _each_alone(self, jobs: list[Job], error: Exception) -> None:
        """Find out whose turns cannot be scored, so that the others are."""
        if len(jobs) == 1:
            _fail(jobs[0], error)
            return
        for job in jobs:
            try:
                _settle(job, await self._scored(job.turns))
            except Exception as own:  # noqa: BLE001 - as above
                _fail(job, own)

    async def close(self) -> None:
        """Finish what waits."""
        while self._running:
            await asyncio.wait(self._running)
        self._threads.shutdown()


def _settle(job: Job, scored: list[ScoredTurn]) -> None:
    if not job.outcome.done():
        job.outcome.set_result(scored)


def _fail(job: Job, error: Exception) -> None:
    if not job.outcome.done():
        job.outcome.set_exception(error)
