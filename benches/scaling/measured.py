"""The measurements: texts of one length each, and a corpus, on one and on all threads; the best of each counts."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import _native
from alliancekit.runtime import library_path, switch_telemetry_off
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from collections.abc import Sequence

WORDS: Final = ("walk", "list", "park", "home", "week", "time", "work", "plan", "good", "hard", "long", "morning")
"""Words that are one token each."""


@dataclass(slots=True)
class Timed:
    """The best of several runs.

    Attributes:
        seconds: on the clock.
        tokenizing: share of the threads' busy time that went into tokenizing.

    """

    seconds: float = float("inf")
    tokenizing: float = 0.0


class Timer:
    """Engines of one tier, on one and on all threads."""

    def __init__(self, precision: str, threads: Sequence[int], *, merge_repeats: bool = False) -> None:
        switch_telemetry_off()
        bundle, library = os.fspath(PACKAGED_BUNDLE), os.fspath(library_path())
        self.engines = {
            count: _native.Engine(bundle, library, count, merge_repeats=merge_repeats, precision=precision)
            for count in threads
        }
        self.precision = next(iter(self.engines.values())).tier[0]

    def time(self, texts: pl.Series, threads: int, best: Timed) -> None:
        """Score once and keep it if it is the best so far."""
        engine = self.engines[threads]
        before, start = engine.stages, time.perf_counter()
        engine.score(texts)
        seconds = time.perf_counter() - start
        if seconds < best.seconds:
            busy = np.array(engine.stages) - np.array(before)
            best.seconds, best.tokenizing = seconds, float(busy[0] / busy.sum())


def texts_of_length(tokens: int, total: int, *, seed: int = 1) -> pl.Series:
    """Give different texts of exactly `tokens` tokens each (two are special), about `total` tokens in all.

    >>> texts_of_length(4, 12).len()
    3

    """
    generator = np.random.default_rng(seed)
    words = generator.choice(WORDS, size=(max(1, total // tokens), tokens - 2))
    return pl.Series([" ".join(row) for row in words.tolist()])


def copy_bandwidth(*, mebibytes: int = 256, runs: int = 4) -> float:
    """Measure how many bytes a second one core reads from memory and writes to it, both counted."""
    source = np.ones(mebibytes * 2**20 // 8)
    target, best = np.empty_like(source), float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        np.copyto(target, source)
        best = min(best, time.perf_counter() - start)
    return 2 * source.nbytes / best
