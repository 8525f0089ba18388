"""Arrow: IPC files of Polars and pyarrow, Feather, streams as Hugging Face's data sets have them."""

from __future__ import annotations

import datetime as dt
import io
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import AllianceError, DataError
from alliancekit.readers import ReadOptions, batches, read

if TYPE_CHECKING:
    from collections.abc import Callable

TURNS: Final = pl.DataFrame(
    {"session_id": ["s"] * 3000, "turn_index": range(3000), "role": ["patient"] * 3000, "text": ["Yes."] * 3000}
)
DAMAGED: Final = "not an Arrow file, a damaged one"
TEXTS: Final = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1)


def write_file(turns: pl.DataFrame, path: Path | io.BytesIO) -> None:
    turns.write_ipc(path, compression="zstd", record_batch_size=700)


def write_stream(turns: pl.DataFrame, path: Path | io.BytesIO) -> None:
    turns.write_ipc_stream(path)


def write_by_pyarrow(turns: pl.DataFrame, path: Path | io.BytesIO) -> None:
    table = turns.to_arrow()
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table, max_chunksize=100)


WRITERS: Final = [(".arrow", write_file), (".ipc", write_stream), (".feather", write_by_pyarrow)]


@pytest.mark.parametrize(("suffix", "write"), WRITERS)
def test_each_kind_is_read_in_pieces(tmp_path: Path, suffix: str, write: Callable[[pl.DataFrame, Path], None]) -> None:
    path = tmp_path / f"talk{suffix}"
    write(TURNS, path)
    parts = list(batches(path, ReadOptions(batch_rows=1000)))
    assert max(part.turns.height for part in parts) <= 1000
    assert pl.concat([part.turns for part in parts]).equals(TURNS)
    assert [row for part in parts for row in part.rows] == list(range(1, 3001))
    assert read(path).turns.equals(TURNS)


@pytest.mark.parametrize("write", [write_file, write_stream])
@given(texts=TEXTS)
def test_what_is_written_comes_back(write: Callable[[pl.DataFrame, Path], None], texts: list[str]) -> None:
    turns = (
        TURNS.head(1)
        .select(pl.exclude("text", "turn_index"))
        .join(pl.DataFrame({"turn_index": range(len(texts)), "text": texts}), how="cross")
    )
    with tempfile.TemporaryDirectory() as folder:
        write(turns, Path(folder, "talk.arrow"))
        found = read(Path(folder, "talk.arrow")).turns
    assert found.select(turns.columns).rows() == turns.rows()


def test_categories_and_times_are_read(tmp_path: Path) -> None:
    turns = TURNS.head(2).with_columns(
        pl.col("role").cast(pl.Categorical),
        start_s=pl.Series([dt.time(0, 0, 13), dt.time(0, 1, 2, 500_000)]),
        end_s=pl.Series([dt.timedelta(seconds=14), None]),
    )
    write_file(turns, tmp_path / "talk.feather")
    found = read(tmp_path / "talk.feather").turns
    assert found.select("role", "start_s", "end_s").rows() == [("patient", 13.0, 14.0), ("patient", 62.5, None)]


def test_two_columns_of_one_name_are_refused(tmp_path: Path) -> None:
    table = pa.table([pa.array(["a"]), pa.array(["b"])], names=["text", "text"])
    with pa.OSFile(str(tmp_path / "talk.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)
    with pytest.raises(DataError, match="or one with two columns of one name"):
        read(tmp_path / "talk.arrow")


@pytest.mark.parametrize("write", [write_file, write_stream])
@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.99])
def test_a_truncated_file_is_refused(tmp_path: Path, write: Callable[[pl.DataFrame, Path], None], share: float) -> None:
    path = tmp_path / "talk.arrow"
    write(TURNS, path)
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DataError, match=DAMAGED):
        read(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "the file is empty"),
        (b"ARROW1", DAMAGED),
        (b"no arrow at all", DAMAGED),
        (b"ARROW1\0\0" + bytes(200) + b"ARROW1", DAMAGED),
        (b"FEA1" + bytes(20), "the first version of Feather"),
    ],
)
def test_what_is_no_arrow_is_refused(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "talk.feather").write_bytes(content)
    with pytest.raises(DataError, match=said):
        read(tmp_path / "talk.feather")


@pytest.mark.parametrize("write", [write_file, write_stream])
def test_a_file_without_rows_is_refused(tmp_path: Path, write: Callable[[pl.DataFrame, Path], None]) -> None:
    write(TURNS.clear(), tmp_path / "talk.arrow")
    with pytest.raises(DataError, match="columns and no rows"):
        read(tmp_path / "talk.arrow")


def test_batches_that_end_early_are_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_file(TURNS, tmp_path / "talk.arrow")
    monkeypatch.setattr(pl.LazyFrame, "collect_batches", lambda *_, **__: iter([TURNS.head(10)]))
    with pytest.raises(DataError, match=DAMAGED):
        read(tmp_path / "talk.arrow")


def seed(write: Callable[[pl.DataFrame, io.BytesIO], None]) -> bytes:
    file = io.BytesIO()
    write(TURNS.head(3), file)
    return file.getvalue()


SEEDS: Final = [seed(write_file), seed(write_stream)]
SUFFIX: Final = ".arrow"


@given(which=st.sampled_from(SEEDS), at=st.integers(0, 1500), cut=st.integers(0, 40), put=st.binary(max_size=20))
def test_any_bytes_are_turns_or_an_error_of_ours(which: bytes, at: int, cut: int, put: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "talk.arrow")
        path.write_bytes(which[:at] + put + which[at + cut :])
        try:
            assert read(path).turns.height
        except AllianceError as error:
            assert str(path) in str(error)  # noqa: PT017 - most mutations are still turns
