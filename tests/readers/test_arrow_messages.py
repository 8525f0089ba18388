"""What an Arrow file's batches claim to hold is held against the file."""

from __future__ import annotations

import struct
import tempfile
from pathlib import Path

import polars as pl
import pyarrow.ipc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import DataError
from alliancekit.readers import read
from alliancekit.readers.formats.arrow_messages import are_whole

TURNS = pl.DataFrame(
    {"session_id": ["s"] * 9, "turn_index": range(9), "role": ["client"] * 9, "text": ["A text that is long."] * 9}
)
ROWS = st.fixed_dictionaries(
    {
        "text": st.none() | st.text(max_size=20),
        "number": st.none() | st.integers(-9, 9),
        "list": st.none() | st.lists(st.none() | st.text(max_size=3), max_size=3),
    }
)
SCHEMA: dict[str, pl.DataType] = {"text": pl.String(), "number": pl.Int64(), "list": pl.List(pl.String)}


@given(rows=st.lists(ROWS, max_size=30))
def test_files_and_streams_as_writers_write_them_are_whole(rows: list[dict[str, object]]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA).with_columns(category=pl.col("text").cast(pl.Categorical))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.arrow")
        for compression in ("uncompressed", "lz4", "zstd"):
            frame.write_ipc(path, compression=compression, record_batch_size=7)
            assert are_whole(path)
            frame.write_ipc_stream(path, compression=compression)
            assert are_whole(path)
        table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
        for make in (pyarrow.ipc.new_file, pyarrow.ipc.new_stream):
            with make(str(path), table.schema) as writer:
                writer.write_table(table, max_chunksize=7)
            assert are_whole(path)


@pytest.mark.parametrize("size", [2**60, -1, 10**6])
@pytest.mark.parametrize("kind", ["file", "stream"])
def test_a_buffer_that_claims_more_than_there_is_is_refused(tmp_path: Path, size: int, kind: str) -> None:
    path = tmp_path / "a.arrow"
    write = TURNS.write_ipc if kind == "file" else TURNS.write_ipc_stream
    write(path, compression="uncompressed")
    content = path.read_bytes()
    # The nine integers of turn_index: a buffer of 72 bytes.
    assert content.count(struct.pack("<q", 72)) == 1
    path.write_bytes(content.replace(struct.pack("<q", 72), struct.pack("<q", size)))
    with pytest.raises(DataError, match="not an Arrow file, a damaged one"):
        read(path)


def test_a_buffer_that_claims_to_unpack_to_more_than_it_may_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.arrow"
    frame = pl.concat([TURNS] * 500).with_columns(turn_index=pl.int_range(4500, dtype=pl.Int64))
    frame.write_ipc(path, compression="zstd")
    content = path.read_bytes()
    unpacked = struct.pack("<q", 4500 * 8)
    assert content.count(unpacked) == 1
    path.write_bytes(content.replace(unpacked, struct.pack("<q", 2**60)))
    with pytest.raises(DataError, match="not an Arrow file, a damaged one"):
        read(path)
