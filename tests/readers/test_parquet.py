"""Parquet: batches, and damage that Polars does not always report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from alliancekit.errors import DataError
from alliancekit.readers import ReadOptions, batches, read

if TYPE_CHECKING:
    from pathlib import Path

TURNS = pl.DataFrame(
    {"session_id": ["s"] * 3000, "turn_index": range(3000), "role": ["patient"] * 3000, "text": ["Yes."] * 3000}
)


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
