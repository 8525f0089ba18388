"""Run it: ``make bench-scaling``, some minutes on a quiet machine.

Fits the model of `model.py` to texts of one length each, predicts AnnoMI on one and on all threads, measures that too,
and says what a million and a billion turns would take.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from benches.calibration import machine
from benches.peers.sample import sample
from benches.scaling.measured import Timed, Timer, copy_bandwidth, texts_of_length
from benches.scaling.model import Lengths, Model, contention, fit
from benches.scaling.shown import Found, shown

from alliancekit import _native
from alliancekit.model.bundle import read_manifest
from alliancekit.precision import PRECISIONS
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).parents[2]
ANNOMI: Final = ROOT.parent / "shared" / "data" / "AnnoMI-simple.csv"
LENGTHS: Final = (4, 8, 16, 32, 64, 128, 250)
BYTES_OF_A_WEIGHT: Final = {"float32": 4, "bfloat16": 2, "int16": 2, "int8": 1}
TOKENS_OF_AN_ITEM: Final = {"float32": 1024}
"""Tokens that pass the layers together, so that the weights are read once for them; `FEW` otherwise."""

FEW: Final = 192


def main() -> None:
    options = _options()
    if not options.corpus.exists():
        sys.exit(f"{options.corpus} is not there; say where AnnoMI-simple.csv is with --corpus FILE")
    texts = sample(pl.read_csv(options.corpus)["utterance_text"].drop_nulls().to_list(), options.turns)
    threads = sorted({1, options.threads})
    bandwidth = copy_bandwidth()
    found: list[dict[str, Any]] = []
    print(f"{time.strftime('%Y-%m-%d')} · {machine.line()} · load {os.getloadavg()[0]:.1f}")
    print(f"{options.corpus.name}: {len(texts):,} turns · one core copies {bandwidth / 1e9:.1f} GB/s\n")
    for precision in options.precision or [name for name in PRECISIONS if name != "auto"]:
        timer = Timer(precision, threads)
        if timer.precision != precision:
            print(f"{precision} does not run here: {timer.engines[1].tier[3]}\n")
            continue
        found.append(_tier(precision, timer, texts, options))
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps({"format_version": 1, "bandwidth": bandwidth, "tiers": found}, indent=2) + "\n")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpus", type=Path, default=ANNOMI)
    parser.add_argument("--turns", type=int, default=2500, help="of the corpus, sampled evenly over lengths; 0: all")
    parser.add_argument("--threads", type=int, default=_native.available_threads())
    parser.add_argument("--precision", nargs="*", default=[])
    parser.add_argument("--tokens", type=int, default=6000, help="of the texts of each length")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", type=Path, default=ROOT / "build" / "scaling.json")
    return parser.parse_args()


def _tier(precision: str, timer: Timer, texts: Sequence[str], options: argparse.Namespace) -> dict[str, Any]:
    by_length, corpus = _measure(timer, texts, options)
    threads = sorted(timer.engines)
    model = _fitted(precision, by_length, threads)
    lengths = _lengths(texts)
    rows = [_row(model, count, lengths, corpus[count]) for count in threads]
    once = _repeats(timer.precision, threads[-1], texts, corpus[threads[-1]].seconds, options.rounds)
    print(shown(Found(precision, by_length, model, rows, corpus, once, lengths.times(1 / len(texts)))))
    return {"precision": precision, "model": asdict(model), "predictions": rows, "repeats": once}


def _measure(
    timer: Timer, texts: Sequence[str], options: argparse.Namespace
) -> tuple[dict[int, dict[int, Timed]], dict[int, Timed]]:
    column = pl.Series(texts)
    alike = {length: texts_of_length(length, options.tokens) for length in LENGTHS}
    by_length = {length: {count: Timed() for count in timer.engines} for length in LENGTHS}
    corpus = {count: Timed() for count in timer.engines}
    for count in timer.engines:
        timer.engines[count].score(column.head(100))
    for _ in range(options.rounds):
        for count in timer.engines:
            for length in LENGTHS:
                timer.time(alike[length], count, by_length[length][count])
            timer.time(column, count, corpus[count])
    for length in LENGTHS:
        for timed in by_length[length].values():
            timed.seconds /= len(alike[length])
    return by_length, corpus


def _fitted(precision: str, by_length: dict[int, dict[int, Timed]], threads: Sequence[int]) -> Model:
    one, several = ([by_length[length][count].seconds for length in LENGTHS] for count in (threads[0], threads[-1]))
    encoder = read_manifest(PACKAGED_BUNDLE)["encoder"]
    hidden = encoder["hidden"]
    weights = encoder["layers"] * (4 * hidden**2 + 2 * hidden * encoder["intermediate"])
    per_token = weights * BYTES_OF_A_WEIGHT[precision] / TOKENS_OF_AN_ITEM.get(precision, FEW)
    return replace(fit(LENGTHS, one), contention=contention(one, several, threads[-1]), bytes_per_token=per_token)


def _lengths(texts: Sequence[str]) -> Lengths:
    counter = _native.TokenCounter(os.fspath(PACKAGED_BUNDLE), 1)
    return Lengths.of(np.minimum(counter.count(pl.Series(texts)), counter.max_tokens))


def _row(model: Model, count: int, lengths: Lengths, timed: Timed) -> dict[str, float]:
    predicted = model.seconds(lengths, count)
    return {
        "threads": count,
        "predicted_turns_per_s": lengths.turns / predicted,
        "measured_turns_per_s": lengths.turns / timed.seconds,
        "error": timed.seconds / predicted - 1,
    }


def _repeats(precision: str, threads: int, texts: Sequence[str], every: float, rounds: int) -> dict[str, float]:
    """Measure what scoring repeats once gains, beside what the share of tokens in distinct texts says."""
    timer, best = Timer(precision, [threads], merge_repeats=True), Timed()
    for _ in range(rounds):
        timer.time(pl.Series(texts), threads, best)
    distinct = list(dict.fromkeys(texts))
    share = _lengths(distinct).tokens / _lengths(texts).tokens
    return {"distinct_turns": len(distinct) / len(texts), "distinct_tokens": share, "gain": every / best.seconds}


if __name__ == "__main__":
    main()
