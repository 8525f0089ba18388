"""Runs over AnnoMI repeated: memory, turns a second, share of time outside inference: ``make bench-corpus``.

Every copy has session ids of its own, and drops each word of a text with a seeded chance of 5 %, so that texts are not
all equal. Each measurement is a process of its own. First memory, with a model of a few thousand random weights, since
with the real one a million turns take an hour: turns by the number of turns. Then, with the real model on fewer turns,
the run into a folder against `Scorer.score` on the same turns in memory, by the clock and by the processor's time.
Options: `--turns N…` (memory), `--real-turns N`, `--suffix csv|parquet|jsonl`, `--runs N`, `--corpus FILE`.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl
from tests.support.tiny_encoder import write_tiny_encoder
from tests.support.tiny_inventory import tiny_inventory

import alliancekit as ak
from alliancekit.model.build import build_bundle
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from collections.abc import Callable

ANNOMI: Final = Path(__file__).parents[2] / "shared" / "data" / "AnnoMI-simple.csv"
DROPPED: Final = 0.05
MEGABYTE: Final = 1 << 20


def copies(annomi: pl.DataFrame, turns: int, folder: Path, suffix: str) -> Path:
    """Write that many turns, a copy of the corpus at a time."""
    folder.mkdir()
    per_file = 500_000
    pieces: list[pl.DataFrame] = []
    height, copy = 0, 0
    while height < turns:
        pieces.append(variant(annomi, copy).head(turns - height))
        height += pieces[-1].height
        copy += 1
        if height == turns or sum(piece.height for piece in pieces) >= per_file:
            frame, path = pl.concat(pieces), folder / f"{copy:05}.{suffix}"
            write: dict[str, Callable[[Path], object]] = {
                "csv": frame.write_csv,
                "parquet": frame.write_parquet,
                "jsonl": frame.write_ndjson,
            }
            write[suffix](path)
            pieces = []
    return folder


def variant(annomi: pl.DataFrame, copy: int) -> pl.DataFrame:
    rng = np.random.default_rng(copy)
    words = annomi.select(pl.col("text").str.split(" ")).with_row_index("at").explode("text")
    kept = words.filter(pl.Series(rng.random(words.height) >= DROPPED) if copy else pl.lit(value=True))
    texts = kept.group_by("at", maintain_order=True).agg(pl.col("text").str.join(" "))
    joined = annomi.drop("text").with_row_index("at").join(texts, on="at", how="left", maintain_order="left")
    return joined.drop("at").with_columns(pl.format("{}-{}", pl.lit(copy), "session_id").alias("session_id"))


def read_annomi(path: Path) -> pl.DataFrame:
    columns = {"session_id": "transcript_id", "turn_index": "utterance_id", "role": "interlocutor"}
    frame = ak.read(path, columns={**columns, "text": "utterance_text"}).turns
    return frame.select("session_id", "turn_index", "role", "text")


def tiny_bundle(folder: Path) -> Path:
    inventory = folder / "tiny.toml"
    inventory.write_text(tiny_inventory(), encoding="utf-8")
    return build_bundle(encoder=write_tiny_encoder(folder / "encoder"), inventory=inventory, output=folder / "bundle")


def measure(way: str, inputs: Path, output: Path, bundle: Path) -> None:
    """In a process of its own: score, and print what it took."""
    if way == "memory":
        scorer, turns = ak.Scorer(bundle), ak.read(inputs).turns
        scorer.score(turns.head(200))
        start, before = time.perf_counter(), processor_seconds()
        scorer.score(turns)
        found: dict[str, Any] = {"turns": turns.height, "share_known": None}
    else:
        start, before = time.perf_counter(), processor_seconds()
        made = ak.score_corpus(inputs, output, bundle=bundle)
        start = time.perf_counter() - made.status.seconds
        found = {
            "turns": made.manifest["totals"]["turns"],
            "share_known": 1 - made.status.new_texts / made.status.texts,
        }
    print(
        json.dumps(
            {
                **found,
                "seconds": time.perf_counter() - start,
                "processor_seconds": processor_seconds() - before,
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
            }
        )
    )


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def in_a_process(way: str, inputs: Path, bundle: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(dir=inputs.parent) as folder:
        arguments = ["--measure", way, str(inputs), str(Path(folder, "out")), str(bundle)]
        command = [sys.executable, "-m", "benches.corpus", *arguments]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - this script
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def show(name: str, found: dict[str, Any]) -> None:
    rate, known = found["turns"] / found["seconds"], found["share_known"]
    print(
        f"{name:<28} {found['turns']:>10,} {rate:>9,.0f} {found['peak'] // MEGABYTE:>6} "
        f"{found['processor_seconds']:>9.1f} {'' if known is None else f'{known:.1%}':>7}",
        flush=True,
    )


def compare(inputs: Path, runs: int) -> None:
    """Hold the run into a folder against scoring in memory, in turn, since other work moves the clock."""
    shares, processor = [], []
    for _ in range(runs):
        memory, folder = (in_a_process(way, inputs, PACKAGED_BUNDLE) for way in ("memory", "folder"))
        show("real model, in memory", memory)
        show("real model, into a folder", folder)
        shares.append(memory["seconds"] / folder["seconds"])
        processor.append(memory["processor_seconds"] / folder["processor_seconds"])
    print(f"speed of the in-memory engine reached, by the clock: {', '.join(f'{share:.1%}' for share in shares)}")
    print(f"processor time in inference: {', '.join(f'{min(share, 1):.1%}' for share in processor)}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, nargs="*", default=[10_000, 1_000_000])
    parser.add_argument("--real-turns", type=int, default=20_000)
    parser.add_argument("--suffix", default="csv", choices=["csv", "parquet", "jsonl"])
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--corpus", type=Path, default=ANNOMI)
    parser.add_argument("--measure", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        way, *paths = options.measure
        measure(way, *(Path(path) for path in paths))
        return
    if not options.corpus.exists():
        sys.exit(f"{options.corpus} is not there; say where AnnoMI-simple.csv is with --corpus FILE")
    print(
        f"alliancekit {ak.__version__}, Polars {pl.__version__}, Python {platform.python_version()}, {options.suffix}"
    )
    print(f"{'':<28} {'turns':>10} {'turns/s':>9} {'MiB':>6} {'cpu s':>9} {'known':>7}")
    annomi = read_annomi(options.corpus)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for turns in options.turns:
            inputs = copies(annomi, turns, folder / f"in{turns}", options.suffix)
            show("random model, into a folder", in_a_process("folder", inputs, tiny_bundle_once(folder)))
        if options.real_turns:
            compare(copies(annomi, options.real_turns, folder / "real", options.suffix), options.runs)


def tiny_bundle_once(folder: Path) -> Path:
    made = folder / "bundle"
    return made if made.exists() else tiny_bundle(folder)


if __name__ == "__main__":
    main()
