"""The bench on this machine: a bundle, texts, threads in, `Bench` out."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from alliancekit import _native
from alliancekit.bench.cost import Cost
from alliancekit.bench.measure import Plan, measure, thread_counts, wall_clock
from alliancekit.bench.result import Bench
from alliancekit.errors import DataError
from alliancekit.model.bundle import read_manifest
from alliancekit.precision import PRECISIONS
from alliancekit.runtime import library_path, switch_telemetry_off

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from alliancekit.bench.measure import Engine

PEAK_SECONDS: Final = 0.3
"""How long the loop for the peak runs; the best of `PEAK_RUNS` counts."""

PEAK_RUNS: Final = 3


class ThisMachine:
    """The compiled engine with a bundle."""

    def __init__(self, bundle: Path) -> None:
        switch_telemetry_off()
        self._bundle, self._library = os.fspath(bundle), os.fspath(library_path())

    def open(self, precision: str, threads: int, *, merge_repeats: bool) -> Engine:
        """Open an engine."""
        return _native.Engine(self._bundle, self._library, threads, merge_repeats=merge_repeats, precision=precision)

    def peak(self, precision: str, threads: int) -> float:
        """Measure the most multiplications and additions a second."""
        return max(_native.operations_per_second(precision, threads, PEAK_SECONDS) for _ in range(PEAK_RUNS))

    def clock(self) -> float:
        """Give the seconds."""
        return wall_clock()


def run_bench(  # noqa: PLR0913 - each is a choice of the user, by name
    bundle: Path,
    texts: Sequence[str | None],
    *,
    name: str,
    threads: int,
    precisions: Sequence[str] = (),
    runs: int = 3,
    said: Callable[[str], None] = lambda _: None,
) -> Bench:
    """Measure how fast texts are scored with a bundle.

    Args:
        bundle: its folder.
        texts: to score.
        name: of the texts, for the result.
        threads: at most; 1, 2, 4, … and this many are measured.
        precisions: tiers; all but `auto` where empty.
        runs: of each way; the best counts.
        said: told what is measured next.

    Raises:
        DataError: no text has anything to score.
        FileNotFoundError, BundleError, RuntimeLibraryError: see `alliancekit.Scorer`.

    """
    manifest, column = read_manifest(bundle), pl.Series("text", list(texts), dtype=pl.String)
    counted = _native.TokenCounter(os.fspath(bundle), threads).count(column)
    lengths = np.minimum(counted, manifest["max_tokens"]).astype(np.uint32)
    if not lengths.any():
        raise DataError(f"{name}: there is no turn with a text to score; give a file that has some.")
    cost = Cost.of(manifest["encoder"]) if manifest.get("encoder") else None
    tried = list(precisions) or [precision for precision in PRECISIONS if precision != "auto"]
    plan = Plan(column, lengths, cost, tried, thread_counts(threads), runs)
    tiers, figures = measure(plan, ThisMachine(bundle), said)
    corpus = {
        "name": name,
        "turns": len(column),
        "distinct": column.n_unique(),
        "tokens": int(lengths.sum()),
        "runs": runs,
    }
    return Bench(described(), corpus, tiers, figures)


def described() -> dict[str, Any]:
    """Say what machine and versions these are; nothing that names the machine."""
    return {
        "processor": processor(),
        "features": _native.processor_features(),
        "threads": _native.available_threads(),
        "load": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "alliancekit": _native.__version__,
        "onnxruntime": version("onnxruntime"),
        "python": platform.python_version(),
    }


def processor() -> str:
    """Give the processor's name."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if sys.platform == "linux" else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
