"""Turns per second on AnnoMI, text in and scores out: ``make bench``.

Beside it, in the same run, the same model in ONNX Runtime from Python on batches sorted by length: token ids are given
to it ready-made, so that it is the bound of what a pipeline on this runtime can reach here.
Options: `--corpus FILE`, `--threads N`, `--runs N` (the best counts), `--token-budgets N…`.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime  # type: ignore[import-untyped]  # it ships no types
import polars as pl

import alliancekit
from alliancekit import _native
from alliancekit.runtime import library_path, switch_telemetry_off
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from collections.abc import Callable

ANNOMI = Path(__file__).parents[2] / "shared" / "data" / "AnnoMI-simple.csv"
SOME_WORD = 2023


def best_rate(work: Callable[[], object], turns: int, runs: int) -> float:
    best = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return turns / best


def ours(texts: pl.Series, threads: int, token_budget: int, *, merge_repeats: bool) -> Callable[[], object]:
    bundle, library = os.fspath(PACKAGED_BUNDLE), os.fspath(library_path())
    engine = _native.Engine(bundle, library, threads, token_budget=token_budget, merge_repeats=merge_repeats)
    engine.score(texts.head(200))
    return lambda: engine.score(texts)


def runtime_alone(lengths: list[int], threads: int, token_budget: int) -> Callable[[], object]:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(PACKAGED_BUNDLE / "model.onnx", options)
    batches: list[list[int]] = [[]]
    for length in sorted(lengths, reverse=True):
        if batches[-1] and batches[-1][0] * (len(batches[-1]) + 1) > token_budget:
            batches.append([])
        batches[-1].append(length)
    feeds = []
    for batch in batches:
        mask = (np.arange(batch[0]) < np.array(batch)[:, None]).astype(np.int64)
        feeds.append({"input_ids": mask * SOME_WORD, "attention_mask": mask})
    return lambda: [session.run(["scores_contrast"], feed) for feed in feeds]


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if sys.platform == "linux" else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{names[0] if names else platform.processor()} ({' '.join(_native.processor_features())})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ANNOMI)
    parser.add_argument("--threads", type=int, default=_native.available_threads())
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--token-budgets", type=int, nargs="+", default=[1024])
    options = parser.parse_args()
    if not options.corpus.exists():
        sys.exit(f"{options.corpus} is not there; say where AnnoMI-simple.csv is with --corpus FILE")
    switch_telemetry_off()
    texts = pl.read_csv(options.corpus)["utterance_text"]
    turns = len(texts)
    counted = alliancekit.Scorer(threads=options.threads)._engine.score(texts)  # noqa: SLF001 - lengths of all turns
    lengths = [min(n, 256) for n in pl.DataFrame(counted)["n_tokens"]]
    print(f"alliancekit {alliancekit.__version__}, {library_path().name}, Python {platform.python_version()}")
    print(processor())
    print(f"{options.corpus.name}: {turns:,} turns, {texts.n_unique():,} distinct, {sum(lengths):,} tokens read")
    print(f"turns/s, best of {options.runs}")
    print(f"{'threads':>7} {'token budget':>12} {'every turn':>12} {'repeats once':>12} {'runtime alone':>13}")
    threads = options.threads
    for budget in options.token_budgets:
        ways = [
            ours(texts, threads, budget, merge_repeats=False),
            ours(texts, threads, budget, merge_repeats=True),
            runtime_alone(lengths, threads, budget),
        ]
        every, once, alone = (best_rate(way, turns, options.runs) for way in ways)
        print(f"{threads:>7} {budget:>12,} {every:>12,.0f} {once:>12,.0f} {alone:>13,.0f}", flush=True)


if __name__ == "__main__":
    main()
