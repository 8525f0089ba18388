"""Inputs of every format, cut or with flipped bits: an error, a quarantine, or the turns that the reader gives."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.support.corpus_run import run
from tests.support.transcripts import transcripts

import alliancekit as ak
from alliancekit.errors import AllianceError, DataError

if TYPE_CHECKING:
    from alliancekit.corpus import ScoredCorpus

FIRST = "session_id,turn_index,role,text\nfirst,0,client,Yes.\n"
FORMATS = sorted(key for key in transcripts() if key != "convokit")


def flipped(content: bytes, places: list[int]) -> bytes:
    changed = bytearray(content)
    for place in places:
        changed[place // 8 % len(changed)] ^= 1 << place % 8
    return bytes(changed)


def turns_of(path: Path) -> int | None:
    """Give the turns that the reader finds; None where it refuses the file."""
    try:
        return sum(batch.turns.height for batch in ak.scan(path).batches)
    except DataError:
        return None


@given(
    key=st.sampled_from(FORMATS),
    share=st.floats(0.01, 1.0),
    places=st.lists(st.integers(0, 1 << 20), max_size=3),
    packed=st.booleans(),
)
def test_a_damaged_file_is_noticed(key: str, share: float, places: list[int], *, packed: bool) -> None:
    suffix, content = transcripts()[key]
    if packed:
        suffix, content = f"{suffix}.gz", gzip.compress(content)
    damaged = flipped(content[: max(1, int(len(content) * share))], places)
    with tempfile.TemporaryDirectory() as folder:
        first, second = Path(folder, "a.csv"), Path(folder, f"b{suffix}")
        first.write_text(FIRST)
        second.write_bytes(damaged)
        try:
            made = run(first, Path(folder, "out"), paths=[first, second])
        except AllianceError:
            assert turns_of(second) is None
            return
        assert_noticed(made, turns_of(second))


def assert_noticed(made: ScoredCorpus, turns: int | None) -> None:
    totals = made.manifest["totals"]
    if turns is None:
        assert totals["quarantined"]
        rows = pl.read_csv(made.folder / "quarantine.csv")
        assert rows["file"].str.starts_with("b").all()
    else:
        assert totals["turns"] == 1 + turns
        assert not totals["quarantined"]
