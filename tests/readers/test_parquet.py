"""Parquet: batches, and damage that Polars does not always report."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

import polars as pl
import pyarrow.parquet
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import DataError
from alliancekit.readers import ReadOptions, batches, read
from alliancekit.readers.formats.parquet_pages import are_whole

TURNS = pl.DataFrame(
    {"session_id": ["s"] * 3000, "turn_index": range(3000), "role": ["patient"] * 3000, "text": ["Yes."] * 3000}
)


def tables() -> st.SearchStrategy[pl.DataFrame]:
    columns: dict[str, tuple[pl.DataType | type[pl.DataType], st.SearchStrategy[object]]] = {
        "text": (pl.String, st.none() | st.text(max_size=8)),
        "number": (pl.Int64, st.none() | st.integers(-9, 9)),
        "list": (pl.List(pl.Int64), st.none() | st.lists(st.none() | st.integers(0, 9), max_size=3)),
        "null": (pl.Null, st.none()),
    }
    rows = st.lists(st.fixed_dictionaries({name: values for name, (_, values) in columns.items()}), max_size=30)
    return rows.map(lambda made: pl.DataFrame(made, schema={name: dtype for name, (dtype, _) in columns.items()}))


def test_batches_have_at_most_the_rows_asked_for(tmp_path: Path) -> None:
    TURNS.write_parquet(tmp_path / "talk.parquet", row_group_size=700)
    parts = list(batches(tmp_path / "talk.parquet", ReadOptions(batch_rows=1000)))
    assert max(part.turns.height for part in parts) <= 1000
    assert pl.concat([part.turns for part in parts]).equals(TURNS)


def test_folders_named_like_partitions_add_no_column(tmp_path: Path) -> None:
    (tmp_path / "condition=anxiety").mkdir()
    TURNS.write_parquet(tmp_path / "condition=anxiety" / "talk.parquet")
    assert read(tmp_path).turns.columns == TURNS.columns


@pytest.mark.parametrize("content", [b"PAR1", b"no parquet at all", b"PAR1" + bytes(200) + b"PAR1"])
def test_what_is_no_parquet_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "talk.parquet").write_bytes(content)
    with pytest.raises(DataError, match="not a Parquet file, or a damaged one"):
        read(tmp_path / "talk.parquet")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, share: float) -> None:
    TURNS.write_parquet(tmp_path / "whole.parquet")
    content = (tmp_path / "whole.parquet").read_bytes()
    (tmp_path / "talk.parquet").write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DataError, match="not a Parquet file, or a damaged one"):
        read(tmp_path / "talk.parquet")


@pytest.mark.parametrize("number", [b"\x27", b"\x08", b"\x04", b"\xff\xff\xff\xff\x0f"])
@pytest.mark.parametrize("version", ["1.0", "2.0"])
def test_a_page_of_another_number_of_values_is_refused(
    tmp_path: Path, number: bytes, version: Literal["1.0", "2.0"]
) -> None:
    pyarrow.parquet.write_table(
        TURNS.head(3).to_arrow(), tmp_path / "whole.parquet", use_dictionary=False, data_page_version=version
    )
    content = (tmp_path / "whole.parquet").read_bytes()
    # The first field of a page's own header, an integer of three, folded.
    start = {"1.0": b"\x2c\x15", "2.0": b"\x5c\x15"}[version]
    assert content.count(start + b"\x06") == 4
    (tmp_path / "talk.parquet").write_bytes(content.replace(start + b"\x06", start + number, 1))
    with pytest.raises(DataError, match="not a Parquet file, or a damaged one"):
        read(tmp_path / "talk.parquet")


@given(table=tables())
def test_pages_as_writers_write_them_are_whole(table: pl.DataFrame) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "a.parquet")
        table.write_parquet(path, row_group_size=7, data_page_size=64)
        assert are_whole(path)
        for choices in ({}, {"data_page_version": "2.0"}, {"use_dictionary": False, "data_page_size": 64}):
            pyarrow.parquet.write_table(table.to_arrow(), path, **choices)
            assert are_whole(path)


def test_batches_that_end_early_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    TURNS.write_parquet(tmp_path / "talk.parquet")
    monkeypatch.setattr(pl.LazyFrame, "slice", lambda *_: TURNS.head(10).lazy())
    with pytest.raises(DataError, match="3000 rows are there, and 10 could be read"):
        read(tmp_path / "talk.parquet")


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    TURNS.clear().write_parquet(tmp_path / "talk.parquet")
    with pytest.raises(DataError, match="columns and no rows"):
        read(tmp_path / "talk.parquet")


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "talk.parquet").touch()
    with pytest.raises(DataError, match="the file is empty"):
        read(tmp_path / "talk.parquet")
