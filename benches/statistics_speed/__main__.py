"""Seconds and memory of every table: ``make bench-statistics``.

`--turns`, `--sessions` and `--resamples` set the size, `--measured` how many resamples the peer does of them (the rest
is extrapolated, and said so), `--threads` those of alliancekit and of Polars. pandas and numpy's indexing have one, so
that the peer's seconds are processor seconds, which other work on the machine moves less. Ours are seconds on the
clock, and the processor seconds of all threads, which the ratio is taken of. Each table has a process of its own, which
reads as well.
"""

from __future__ import annotations

import argparse
import json
import math
import platform
from dataclasses import asdict
from importlib.metadata import version

import numpy as np
import polars as pl
from benches.statistics_speed import ours
from benches.statistics_speed.corpus import BUILD, corpus
from benches.statistics_speed.task import Cost, Task, in_own_process, measured

PACKAGES = ("alliancekit", "polars", "numpy", "pandas", "scipy", "statsmodels")
PEER_SESSIONS = BUILD / "sessions-pandas.parquet"
COMPARED = ("gap", "gap_slope", "gap_mid", "gap_product", "gap_product_early", "congruence", "token_share")
KINDS = ("wall", "processor")
TABLES = ("sessions", "gap", "compare", "trajectories", "closing", "convergence")


def run_step(module: str, step: str, task: Task) -> None:
    """Run one step in this process and print what it cost."""
    if module == "ours":
        cost = measured(ours.STEPS[step], task)
    else:
        from benches.statistics_speed import peer  # noqa: PLC0415 - our own steps never load pandas

        cost = measured(peer.STEPS[step], task)
    print(json.dumps(asdict(cost)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=10_000_000)
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--resamples", type=int, default=2000)
    parser.add_argument("--measured", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--without-peer", action="store_true")
    parser.add_argument("--step", nargs=3, metavar=("MODULE", "STEP", "TASK"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        module, step, task = options.step
        run_step(module, step, Task(**json.loads(task)))
        return
    path = corpus(options.turns, options.sessions)
    task = Task(str(path), options.resamples, options.measured, options.threads)
    print(", ".join(f"{name} {version(name)}" for name in PACKAGES), f"Python {platform.python_version()}", sep=", ")
    print(
        f"{options.turns:,} turns, {options.sessions:,} sessions, 4 scales, {options.resamples:,} resamples", end=", "
    )
    print(f"{options.threads} threads; the peer does {options.measured} resamples, the rest is extrapolated")
    print(f"{'table':<14}{'seconds':>9}{'cpu s':>9}{'GiB':>7}{'peer cpu s':>12}{'done':>9}{'GiB':>7}{'ratio':>8}")
    report(task, with_peer=not options.without_peer)


def report(task: Task, *, with_peer: bool) -> None:
    ours.remove_results()
    mine: dict[str, Cost] = {}
    theirs: dict[str, Cost] = {}
    for table in TABLES:
        mine[table] = in_own_process("ours", table, task)
        if with_peer:
            theirs[table] = in_own_process("peer", table, task)
        print_row(table, mine[table], theirs.get(table))
    print_row("one process", in_own_process("ours", "everything", task), None)
    if with_peer:
        print(f"largest difference of the two session tables, in SDs: {largest_difference():.1e}")
        # Convergence is closing and coupling; coupling is most of what the peer takes.
        for name, left_out in (("all tables", "closing"), ("without coupling", "convergence")):
            wall, processor = (sum(getattr(cost, kind) for cost in counted(mine, left_out)) for kind in KINDS)
            peer = sum(cost.extrapolated for cost in counted(theirs, left_out))
            print(
                f"{name}: {wall:.1f} s; processor seconds {processor:.1f}, "
                f"peer {peer:,.0f}: {peer / processor:.0f} times"
            )


def counted(costs: dict[str, Cost], left_out: str) -> list[Cost]:
    return [cost for table, cost in costs.items() if table != left_out]


def print_row(table: str, mine: Cost, theirs: Cost | None) -> None:
    print(f"{table:<14}{mine.wall:>9.2f}{mine.processor:>9.2f}{mine.gib:>7.2f}", end="")
    if theirs is not None:
        seconds = theirs.extrapolated
        print(f"{seconds:>12,.1f}{theirs.processor:>9,.1f}{theirs.gib:>7.2f}{seconds / mine.processor:>8,.0f}", end="")
    print(flush=True)


def largest_difference() -> float:
    """Compare what both session tables hold, column by column; a null on one side alone counts as infinite."""
    mine, theirs = pl.read_parquet(ours.SESSIONS), pl.read_parquet(PEER_SESSIONS)
    both = mine.join(theirs, on=["session_id", "scale"], validate="1:1", suffix=":peer")
    worst = 0.0
    for name in COMPARED:
        here, there = both[name], both[f"{name}:peer"].fill_nan(None)
        if len(both) != len(mine) or not here.is_null().equals(there.is_null()):
            return math.inf
        worst = max(worst, float(np.nanmax((here - there).abs().to_numpy() / np.nanstd(here.to_numpy()))))
    return worst


if __name__ == "__main__":
    main()
