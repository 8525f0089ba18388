"""The real corpus: 133 counselling transcripts, read where they lie and never copied."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import polars as pl
import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit import Scorer

MAPPING = {
    "session_id": "transcript_id",
    "turn_index": "utterance_id",
    "role": "interlocutor",
    "text": "utterance_text",
}
GIB = 1 << 30


@pytest.fixture(scope="module")
def annomi(annomi_path: Path) -> pl.DataFrame:
    return pl.read_csv(annomi_path)


@pytest.fixture(scope="module")
def scored(scorer: Scorer, annomi: pl.DataFrame) -> pl.DataFrame:
    return scorer.score(annomi, columns=MAPPING)


def test_every_turn_comes_back_in_its_place(annomi: pl.DataFrame, scored: pl.DataFrame) -> None:
    assert scored.height == annomi.height == 9_699
    assert scored["session_id"].equals(annomi["transcript_id"].alias("session_id"))
    assert scored["turn_index"].equals(annomi["utterance_id"].alias("turn_index"))
    assert scored["topic"].equals(annomi["topic"])
    assert scored["task"].is_finite().all()


def test_exactly_the_turns_of_more_than_256_tokens_are_truncated(scored: pl.DataFrame) -> None:
    assert scored["truncated"].equals((scored["n_tokens"] > 256).alias("truncated"))
    assert scored["truncated"].sum() > 0
    assert (scored["n_tokens"].sum(), scored["n_tokens"].max()) == (234_401, 356)


def test_it_takes_less_than_a_gibibyte(annomi_path: Path) -> None:
    code = """
import sys
from pathlib import Path
import polars as pl
from alliancekit import Scorer
mapping = dict(pair.split("=") for pair in sys.argv[2:])
assert Scorer(threads=2).score(pl.read_csv(sys.argv[1]), columns=mapping).height == 9699
# Not ru_maxrss: a new process has that of the one it was started from, here all that the tests have used so far.
print(next(line.split()[1] for line in Path("/proc/self/status").open() if line.startswith("VmHWM")))
"""
    command = [sys.executable, "-c", code, str(annomi_path), *(f"{name}={theirs}" for name, theirs in MAPPING.items())]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) * 1024 < GIB
