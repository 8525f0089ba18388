"""Files that are whole or not there, and cells that no spreadsheet runs."""

from __future__ import annotations

import csv
import os
import tempfile
from pathlib import Path
from typing import BinaryIO

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from alliancekit.errors import DataError, FileAccessError, ParameterError
from alliancekit.files import check_writable, plain_cells, write_atomically, write_table
from alliancekit.scored import Provenance, read_scored, write_scored

MADE = Provenance("0.1.0", ("task", "total"), "own", "contrast", "00")


def put(file: BinaryIO, content: bytes) -> None:
    file.write(content)


def test_the_file_is_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_atomically(tmp_path / "a.bin", lambda file: put(file, b"whole"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]
    assert (tmp_path / "a.bin").read_bytes() == b"whole"


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, SystemExit])
def test_the_old_file_stays_when_writing_fails(tmp_path: Path, error: type[BaseException]) -> None:
    def fail(file: BinaryIO) -> None:
        file.write(b"half")
        raise error

    (tmp_path / "a.bin").write_bytes(b"old")
    with pytest.raises(error):
        write_atomically(tmp_path / "a.bin", fail)
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]
    assert (tmp_path / "a.bin").read_bytes() == b"old"


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_the_old_file_stays_when_the_disk_is_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "a.bin").write_bytes(b"old")
    monkeypatch.setattr(os, call, full)
    with pytest.raises(FileAccessError, match=r"a\.bin: cannot be written: No space left on device\."):
        write_atomically(tmp_path / "a.bin", lambda file: put(file, b"new"))
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]
    assert (tmp_path / "a.bin").read_bytes() == b"old"


def test_a_missing_folder_is_an_access_error(tmp_path: Path) -> None:
    with pytest.raises(FileAccessError, match="No such file or directory"):
        write_atomically(tmp_path / "none" / "a.bin", lambda file: put(file, b"x"))


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link.bin").symlink_to(tmp_path / "real" / "a.bin")
    write_atomically(tmp_path / "link.bin", lambda file: put(file, b"x"))
    assert (tmp_path / "real" / "a.bin").read_bytes() == b"x"
    assert (tmp_path / "link.bin").is_symlink()


def test_the_mode_is_that_of_a_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_atomically(tmp_path / "a.bin", lambda file: put(file, b"x"))
    assert (tmp_path / "a.bin").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_no_cell_of_a_csv_begins_like_a_formula(tmp_path: Path) -> None:
    cells = ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "'=1", "plain", None]
    frame = pl.DataFrame({"=name": cells, "n": range(9)}, schema_overrides={"n": pl.Int64})
    write_table(frame, tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["'=name", "n"]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'+1", "'-1", "'@x", "'\tx", "'\rx", "''=1", "plain", ""]


def test_negative_numbers_stay_numbers(tmp_path: Path) -> None:
    write_table(pl.DataFrame({"task": [-0.5, 1.0]}), tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == "task\n-0.5\n1.0\n"


@given(
    texts=st.lists(
        st.none() | st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("'=+-@\t\r\n\"")), min_size=1
    )
)
def test_a_scored_csv_reads_back_as_it_was(texts: list[str | None]) -> None:
    frame = pl.DataFrame(
        {"session_id": [f"={n}" for n in range(len(texts))], "text": pl.Series(texts, dtype=pl.String)}
    )
    with tempfile.TemporaryDirectory() as folder:
        write_scored(frame, Path(folder, "t.csv"), MADE)
        assert_frame_equal(read_scored(Path(folder, "t.csv"))[0], frame)


@given(texts=st.lists(st.none() | st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_a_scored_parquet_reads_back_with_its_scales(texts: list[str | None]) -> None:
    frame = pl.DataFrame(
        {"text": pl.Series(texts, dtype=pl.String), "task": pl.Series([0.1] * len(texts), dtype=pl.Float32)}
    )
    with tempfile.TemporaryDirectory() as folder:
        write_scored(frame, Path(folder, "t.parquet"), MADE)
        back, scales = read_scored(Path(folder, "t.parquet"))
    assert scales == ("task", "total")
    assert_frame_equal(back, frame)


def test_a_csv_and_a_foreign_parquet_name_no_scales(tmp_path: Path) -> None:
    frame = pl.DataFrame({"session_id": ["a"], "task": [0.5]})
    write_scored(frame, tmp_path / "t.csv", MADE)
    frame.write_parquet(tmp_path / "t.parquet")
    assert read_scored(tmp_path / "t.csv")[1] is None
    assert read_scored(tmp_path / "t.parquet")[1] is None


@pytest.mark.parametrize("metadata", ["no json", "[]", "{}", '{"scales": 1}'])
def test_damaged_metadata_is_refused(tmp_path: Path, metadata: str) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(tmp_path / "t.parquet", metadata={"alliancekit": metadata})
    with pytest.raises(DataError, match="is not that of a scored file"):
        read_scored(tmp_path / "t.parquet")


def test_the_same_scores_are_the_same_bytes(tmp_path: Path) -> None:
    frame = pl.DataFrame({"session_id": ["a"], "task": [0.5]})
    for name in ("a.parquet", "b.parquet"):
        write_scored(frame, tmp_path / name, MADE)
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()


def test_another_suffix_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"ends in \.parquet or \.csv"):
        check_writable(pl.Schema({"a": pl.Int64}), Path("t.xlsx"))


def test_plain_cells_leaves_other_apostrophes() -> None:
    frame = pl.DataFrame({"text": ["'tis", "''", "'", "it's = so"]})
    assert_frame_equal(plain_cells(frame), frame)
