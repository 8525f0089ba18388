"""Turns per second on AnnoMI, text in and scores out: ``make bench``.

Run with `--corpus FILE` for another place of the corpus, `--threads N`, `--runs N` (the best counts).
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from pathlib import Path

import polars as pl

import alliancekit
from alliancekit import _native
from alliancekit.runtime import library_path, switch_telemetry_off
from alliancekit.scorer import PACKAGED_BUNDLE

ANNOMI = Path(__file__).parents[2] / "shared" / "data" / "AnnoMI-simple.csv"


def best_rate(texts: pl.Series, *, threads: int, token_budget: int, merge_repeats: bool, runs: int) -> float:
    engine = _native.Engine(
        os.fspath(PACKAGED_BUNDLE),
        os.fspath(library_path()),
        threads,
        token_budget=token_budget,
        merge_repeats=merge_repeats,
    )
    engine.score(texts.head(200))
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        engine.score(texts)
        best = min(best, time.perf_counter() - start)
    return len(texts) / best


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if sys.platform == "linux" else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=ANNOMI)
    parser.add_argument("--threads", type=int, default=_native.available_threads())
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--token-budgets", type=int, nargs="+", default=[1024])
    options = parser.parse_args()
    if not options.corpus.exists():
        sys.exit(f"{options.corpus} is not there; say where AnnoMI-simple.csv is with --corpus FILE")
    texts = pl.read_csv(options.corpus)["utterance_text"]
    switch_telemetry_off()
    print(f"alliancekit {alliancekit.__version__}, {library_path().name}, {processor()}, Python {platform.python_version()}")
    print(f"{options.corpus.name}: {len(texts):,} turns, {texts.n_unique():,} distinct; best of {options.runs}")
    print(f"{'threads':>7} {'token budget':>12} {'every turn':>12} {'repeats once':>12}   (turns/s)")
    for threads in range(1, options.threads + 1):
        for budget in options.token_budgets:
            every, once = (
                best_rate(texts, threads=threads, token_budget=budget, merge_repeats=merge, runs=options.runs)
                for merge in (False, True)
            )
            print(f"{threads:>7} {budget:>12,} {every:>12,.0f} {once:>12,.0f}")


if __name__ == "__main__":
    main()
