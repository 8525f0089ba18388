"""Measuring: every tier that this machine runs, on 1 to N threads, with repeats and without; the best run counts."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from alliancekit.bench.result import Figure, Stages, Tier

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from alliancekit.bench.cost import Cost


class Engine(Protocol):
    """What is measured: `alliancekit._native.Engine`, or a test's."""

    @property
    def tier(self) -> tuple[str, str, str, str]:
        """Precision, engine, instruction set, and why."""

    @property
    def stages(self) -> tuple[float, float, float]:
        """Seconds of threads so far: tokenizing, encoding, in the head."""

    def score(self, texts: pl.Series) -> object:
        """Score the texts."""


class Machine(Protocol):
    """What a bench asks for."""

    def open(self, precision: str, threads: int, *, merge_repeats: bool) -> Engine:
        """Open an engine."""

    def peak(self, precision: str, threads: int) -> float:
        """Most multiplications and additions a second in these numbers."""

    def clock(self) -> float:
        """Seconds from some moment on."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured.

    Attributes:
        texts: to score.
        lengths: tokens of each that the model reads, [texts]; 0 for a blank one.
        cost: of the encoder; None where its sizes are not known.
        precisions: tiers to try.
        threads: numbers of threads.
        runs: of each; the best counts.

    """

    texts: pl.Series
    lengths: NDArray[np.uint32]
    cost: Cost | None
    precisions: Sequence[str]
    threads: Sequence[int]
    runs: int


def thread_counts(most: int) -> list[int]:
    """Give 1, 2, 4, … and `most`.

    >>> thread_counts(1), thread_counts(6)
    ([1], [1, 2, 4, 6])

    """
    doubled = [2**power for power in range(most.bit_length()) if 2**power < most]
    return [*doubled, most]


def measure(plan: Plan, machine: Machine, said: Callable[[str], None]) -> tuple[list[Tier], list[Figure]]:
    """Measure all of a plan; `said` is told what comes next."""
    tiers = [_tier(precision, plan, machine) for precision in plan.precisions]
    figures = [figure for tier in tiers if tier.engine for figure in _figures(tier, plan, machine, said)]
    return tiers, figures


def _tier(precision: str, plan: Plan, machine: Machine) -> Tier:
    runs, engine, instruction_set, why = machine.open(precision, 1, merge_repeats=False).tier
    if runs != precision:
        return Tier(precision, None, instruction_set, why, {})
    peaks = {threads: machine.peak(precision, threads) / 1e9 for threads in plan.threads}
    return Tier(precision, engine, instruction_set, "", peaks)


def _figures(tier: Tier, plan: Plan, machine: Machine, said: Callable[[str], None]) -> Iterator[Figure]:
    ways = [(threads, False) for threads in plan.threads] + [(plan.threads[-1], True)]
    for threads, once in ways:
        said(f"{tier.precision}, {threads} threads{', repeats once' if once else ''}")
        engine = machine.open(tier.precision, threads, merge_repeats=once)
        # What is made ready on first use is not the speed that the rest has.
        engine.score(plan.texts.head(200))
        seconds, stages = min(
            (_run(engine, plan.texts, threads, machine.clock) for _ in range(plan.runs)), key=_seconds
        )
        yield _figure(tier, plan, threads, once=once, seconds=seconds, stages=stages)


def _seconds(run: tuple[float, Stages]) -> float:
    return run[0]


def _run(engine: Engine, texts: pl.Series, threads: int, clock: Callable[[], float]) -> tuple[float, Stages]:
    before, start = engine.stages, clock()
    engine.score(texts)
    seconds, after = clock() - start, engine.stages
    tokenize, encode, head = ((now - then) / threads for now, then in zip(after, before, strict=True))
    return seconds, Stages(tokenize, encode, head, max(0.0, seconds - tokenize - encode - head))


def _figure(tier: Tier, plan: Plan, threads: int, *, once: bool, seconds: float, stages: Stages) -> Figure:  # noqa: PLR0913 - its fields
    gflops = None
    if plan.cost is not None and not once and stages.encode > 0:
        gflops = plan.cost.of_texts(plan.lengths) / stages.encode / 1e9
    return Figure(
        precision=tier.precision,
        threads=threads,
        repeats_once=once,
        seconds=seconds,
        turns_per_s=len(plan.texts) / seconds,
        tokens_per_s=float(plan.lengths.sum()) / seconds,
        gflops=gflops,
        share_of_peak=None if gflops is None else gflops / tier.peak_gflops[threads],
        stages=stages,
    )


def wall_clock() -> float:
    """Seconds from some moment on."""
    return time.perf_counter()
