"""Run it: ``python -m benches.serve_load`` (``make bench-serve``), a quarter of an hour; ``--only`` for a part."""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from benches.calibration import machine
from benches.corpus import tiny_bundle
from benches.serve_load.client import talk_all
from benches.serve_load.server import Running, running

import alliancekit as ak

if TYPE_CHECKING:
    from benches.serve_load.client import Answers

ROOT: Final = Path(__file__).parents[2]
ANNOMI: Final = ROOT.parent / "shared" / "data" / "AnnoMI-simple.csv"
SESSIONS: Final = 200
PARTS: Final = 4
DROPPED: Final = 0.05
HOUR_TURNS: Final = 360
TENTHS: Final = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=20, help="turns of a session in each of four parts of the load")
    parser.add_argument("--only", choices=("compare", "overload", "hour"), help="one of the three measurements")
    parser.add_argument("--tiny", action="store_true", help="a model of a few thousand random weights for the hour")
    options = parser.parse_args()
    print(machine.line())
    if options.only in (None, "compare"):
        talks = _talks(PARTS * options.turns)
        _compare(talks, options.turns, "in memory")
        with tempfile.TemporaryDirectory() as folder:
            _compare(talks, options.turns, "with --state", "--state", folder)
    if options.only in (None, "overload"):
        _overload(_talks(4))
    if options.only in (None, "hour"):
        with tempfile.TemporaryDirectory() as folder:
            bundle = ["--bundle", str(tiny_bundle(Path(folder)))] if options.tiny else []
            _hour(_talks(HOUR_TURNS), *bundle)


def _talks(turns: int) -> list[list[tuple[str, str]]]:
    """Give each session a stretch of real turns; of the synthetic sample where AnnoMI is not there.

    Stretches overlap, so each session drops words of its own: "Mm-hm." comes again and again as in real sessions, and
    long turns do not.
    """
    source = ANNOMI if ANNOMI.is_file() else ROOT / "examples" / "sample-corpus"
    table = ak.read(source).turns
    said = [row for row in zip(table["role"].to_list(), table["text"].to_list(), strict=True) if row[1]]
    starts = np.random.default_rng(1).integers(0, len(said), SESSIONS)
    return [
        [_dropped(said[(start + turn) % len(said)], [session, turn]) for turn in range(turns)]
        for session, start in enumerate(starts.tolist())
    ]


def _dropped(turn: tuple[str, str], seed: list[int]) -> tuple[str, str]:
    """Drop each word of a turn with a chance of 5 %, but for the first."""
    first, *words = turn[1].split(" ")
    kept = np.random.default_rng(seed).random(len(words)) >= DROPPED
    return turn[0], " ".join([first, *(word for word, keep in zip(words, kept, strict=True) if keep)])


def _compare(talks: list[list[tuple[str, str]]], turns: int, what: str, *options: str) -> None:
    texts = [text for talk in talks for _, text in talk]
    (engine, cost), (distinct, distinct_cost) = _engine(texts)
    print(f"\n{what}: {SESSIONS} sessions at once, {len(texts):,} turns, a client in another process")
    print(f"  engine in-process before: {engine:,.0f} turns/s ({distinct:,.0f} when each text comes once)")
    with running(*options) as server:
        asyncio.run(talk_all(server.port, [talk[:2] for talk in talks[:20]], "warm"))
        rates = [_part(server, talks, turns, number) for number in range(PARTS)]
    (again, _), (distinct_again, _) = _engine(texts)
    mean, best = float(np.mean(rates)), (distinct + distinct_again) / 2
    print(f"  engine in-process after: {again:,.0f} turns/s ({distinct_again:,.0f})")
    print(f"  server / engine: {2 * mean / (engine + again):.0%}; each text once: {mean / best:.0%}")
    print(f"  engine's cost of a turn: {1000 * cost:.2f} ms of a core ({1000 * distinct_cost:.2f})")


def _engine(texts: list[str]) -> list[tuple[float, float]]:
    command = [sys.executable, "-m", "benches.serve_load.engine"]
    done = subprocess.run(command, input=json.dumps(texts), capture_output=True, text=True, check=True, cwd=ROOT)  # noqa: S603 - our own
    found: list[tuple[float, float]] = json.loads(done.stdout)
    return found


def _part(server: Running, talks: list[list[tuple[str, str]]], turns: int, number: int) -> float:
    part = [talk[number * turns : (number + 1) * turns] for talk in talks]
    start, used = time.perf_counter(), server.seconds
    answers = asyncio.run(talk_all(server.port, part, "load"))
    spent = time.perf_counter() - start
    rate, cost = len(answers.seconds) / spent, (server.seconds - used) / len(answers.seconds)
    print(
        f"  part {number + 1}: {rate:,.0f} turns/s, p50 {_quantile(answers, 0.5)}, p99 {_quantile(answers, 0.99)}, "
        f"{1000 * cost:.2f} ms of a core a turn, {server.megabytes:,.0f} MB, {answers.statuses}"
    )
    return rate


def _quantile(answers: Answers, share: float) -> str:
    return f"{1000 * float(np.quantile(answers.seconds, share)):,.0f} ms"


def _hour(talks: list[list[tuple[str, str]]], *options: str) -> None:
    """Send an hour's turns as fast as they are answered: memory that grew by the hour would grow by the turn."""
    print(f"\nan hour of {SESSIONS} sessions with a turn every ten seconds, at once: {SESSIONS * HOUR_TURNS:,} turns")
    each = HOUR_TURNS // TENTHS
    with tempfile.TemporaryDirectory() as folder, running("--state", folder, *options) as server:
        start, statuses = time.perf_counter(), Counter[int]()
        for tenth in range(TENTHS):
            part = [talk[tenth * each : (tenth + 1) * each] for talk in talks]
            answers = asyncio.run(talk_all(server.port, part, "hour"))
            statuses.update(answers.statuses)
            rate = f"{len(answers.seconds) / sum(answers.seconds) * SESSIONS:,.0f} turns/s"
            print(
                f"  tenth {tenth + 1}: {server.megabytes:,.0f} MB, {rate}, p99 {_quantile(answers, 0.99)}", flush=True
            )
        print(f"  {dict(statuses)} in {time.perf_counter() - start:,.0f} s")


def _overload(talks: list[list[tuple[str, str]]]) -> None:
    print("\noverload: 1,000 sessions at once with --queue 64, then 20")
    many = [talk[:4] for talk in talks for _ in range(5)]
    with running("--queue", "64") as server:
        flood = asyncio.run(talk_all(server.port, many, "flood"))
        print(f"  flood: {dict(sorted(flood.statuses.items()))}, p99 of those answered {_quantile(flood, 0.99)}")
        calm = asyncio.run(talk_all(server.port, [talk[:4] for talk in talks[:20]], "calm"))
        print(f"  after it: {calm.statuses}, p50 {_quantile(calm, 0.5)}")


if __name__ == "__main__":
    main()
