"""Times of turns become seconds, whatever they are in the file, and what is no time is said."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.readers import ReadOptions, read
from alliancekit.readers.batches import batches
from alliancekit.readers.times import in_seconds

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

TURNS = {"session_id": ["s"] * 3, "turn_index": [0, 1, 2], "role": ["client"] * 3, "text": ["Yes."] * 3}


def written(path: Path, **times: Sequence[object]) -> Path:
    frame = pl.DataFrame({**TURNS, **times})
    if path.suffix == ".csv":
        frame.write_csv(path)
    else:
        frame.write_parquet(path)
    return path


def test_clock_times_of_a_text_table_are_seconds(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", start_s=["00:01:23", "1:23.5", "90"], end_s=[1.0, 2.5, None])
    result = read(path)
    assert result.turns["start_s"].to_list() == [83.0, 83.5, 90.0]
    assert result.turns["end_s"].to_list() == [1.0, 2.5, None]
    assert not result.problems


def test_durations_and_times_of_parquet_are_seconds(tmp_path: Path) -> None:
    times = [dt.time(0, 1, 2), None, dt.time(1, 0, 0, 500_000)]
    durations = [dt.timedelta(seconds=63), dt.timedelta(minutes=2, milliseconds=1), None]
    turns = read(written(tmp_path / "a.parquet", begin=times, end_s=durations), columns={"start_s": "begin"}).turns
    assert turns["start_s"].to_list() == [62.0, None, 3600.5]
    assert turns["end_s"].to_list() == [63.0, 120.001, None]


def test_what_is_no_time_is_null_and_counted_over_batches(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", start_s=["0:10", "later", "soon"])
    read_in = list(batches(path, ReadOptions(batch_rows=1)))
    assert [batch.turns["start_s"].to_list() for batch in read_in if batch.turns.height] == [[10.0], [None], [None]]
    found = [problem for batch in read_in for problem in batch.problems]
    assert [(problem.code, problem.row, problem.column, problem.severity) for problem in found] == [
        ("no_time", 2, "start_s", "warning")
    ]
    assert "2 values of 'start_s', this one first, are no time" in found[0].message


def test_dates_stay_as_they_are_and_are_said(tmp_path: Path) -> None:
    days = [dt.datetime(2024, 3, 1, 10, n) for n in range(3)]  # noqa: DTZ001 - a file has no time zone
    result = read(written(tmp_path / "a.parquet", start_s=days))
    assert result.turns["start_s"].to_list() == days
    assert [(problem.code, problem.severity) for problem in result.problems] == [("no_time", "warning")]


@pytest.mark.parametrize("name", ["start", "Start time"])
def test_clock_times_are_guessed(tmp_path: Path, name: str) -> None:
    frame = pl.DataFrame(
        {"speaker": ["client", "coach", "client"], "said": ["Yes, I did."] * 3, name: ["0:10", "0:20", None]}
    )
    frame.write_csv(tmp_path / "a.csv")
    assert read(tmp_path / "a.csv", guess_columns=True, roles={"coach": "therapist"}).turns["start_s"].to_list() == [
        10.0,
        20.0,
        None,
    ]


@given(milliseconds=st.integers(0, 359_999_999), comma=st.booleans())
def test_a_clock_time_is_what_it_was_made_of(milliseconds: int, comma: bool) -> None:  # noqa: FBT001 - hypothesis calls it so
    seconds, rest = divmod(milliseconds, 1000)
    clock = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{',' if comma else '.'}{rest:03}"
    assert in_seconds(pl.Series([clock]))[0] == pytest.approx(milliseconds / 1000, abs=1e-9)
