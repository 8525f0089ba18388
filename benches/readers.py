"""Turns per second that are read: files in, canonical turns out, nothing scored: ``make bench-readers``.

A corpus of sessions of 60 turns is written to a temporary folder in each format that we can write (the texts are
AnnoMI's, repeated, or made up without it), and read batch by batch. Printed: turns per second by the clock and by the
processor's time of this process, the best of `--runs`. Options: `--turns N`, `--runs N`, `--corpus FILE`.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

import alliancekit
from alliancekit.readers import ReadOptions, batches

if TYPE_CHECKING:
    from collections.abc import Callable

ANNOMI = Path(__file__).parents[2] / "shared" / "data" / "AnnoMI-simple.csv"
SESSION = 60


def corpus(turns: int, annomi: Path) -> pl.DataFrame:
    if annomi.exists():
        texts = pl.read_csv(annomi)["utterance_text"].to_list()
    else:
        texts = [f"This is what I said at the {n}th time, and it took me a while to say it." for n in range(5000)]
    number = pl.int_range(turns, eager=True)
    return pl.DataFrame(
        {
            "session_id": "s" + (number // SESSION).cast(pl.String),
            "turn_index": number % SESSION,
            "role": pl.Series(["therapist", "patient"]).gather(number % 2),
            "text": pl.Series(texts).gather(number % len(texts)),
            "condition": pl.Series(["anxiety"]).new_from_index(0, turns),
        }
    )


def write_captions(frame: pl.DataFrame, path: Path) -> None:
    cues = []
    for n, (role, text) in enumerate(frame.select("role", "text").iter_rows()):
        clock = f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02}"
        cues.append(f"{clock}.000 --> {clock}.900\n<v {role}>{text.replace('-->', '')}\n")
    path.write_text("WEBVTT\n\n" + "\n".join(cues), encoding="utf-8")


def write_chats(frame: pl.DataFrame, path: Path) -> None:
    names = {"therapist": "assistant", "patient": "user"}
    with path.open("w", encoding="utf-8") as file:
        for session in frame.partition_by("session_id"):
            messages = [
                {"role": names[role], "content": text} for role, text in session.select("role", "text").iter_rows()
            ]
            file.write(json.dumps({"messages": messages}) + "\n")


WRITERS: dict[str, Callable[[pl.DataFrame, Path], object]] = {
    "t.csv": pl.DataFrame.write_csv,
    "t.tsv": lambda frame, path: frame.write_csv(path, separator="\t"),
    "t.jsonl": pl.DataFrame.write_ndjson,
    "t.parquet": pl.DataFrame.write_parquet,
    "chats.jsonl": write_chats,
    "t.vtt": write_captions,
}


def best_rates(path: Path, options: ReadOptions, runs: int) -> tuple[float, float]:
    wall = processor = float("inf")
    for _ in range(runs):
        clock, used = time.perf_counter(), time.process_time()
        turns = sum(batch.turns.height for batch in batches(path, options))
        wall, processor = min(wall, time.perf_counter() - clock), min(processor, time.process_time() - used)
    return turns / wall, turns / processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=300_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--corpus", type=Path, default=ANNOMI)
    options = parser.parse_args()
    frame = corpus(options.turns, options.corpus)
    print(f"alliancekit {alliancekit.__version__}, Python {platform.python_version()}, polars {pl.__version__}")
    print(f"{frame.height:,} turns, {frame['text'].str.len_bytes().sum():,} bytes of text; best of {options.runs}")
    print(f"command: {' '.join(sys.argv)}")
    print(f"{'file':<24} {'turns/s':>12} {'by processor':>13}")
    ways = {
        "": ReadOptions(),
        " --merge": ReadOptions(merge=True),
        " --non-speech strip": ReadOptions(non_speech="strip"),
    }
    with tempfile.TemporaryDirectory() as folder:
        for name, write in WRITERS.items():
            path = Path(folder, name)
            write(frame, path)
            for said, how in ways.items() if name == "t.csv" else [("", ReadOptions())]:
                wall, processor = best_rates(path, how, options.runs)
                print(f"{name + said:<24} {wall:>12,.0f} {processor:>13,.0f}", flush=True)


if __name__ == "__main__":
    main()
