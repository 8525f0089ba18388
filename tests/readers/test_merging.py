"""Consecutive utterances of one speaker become one turn, where the caller says so."""

from __future__ import annotations

import tempfile
from itertools import groupby
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import DataError
from alliancekit.readers import read, scan

Row = tuple[str, int, str, str | None]
TURNS = st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from(["client", "therapist", "observer"]), st.text("xy ")))


def write(folder: Path, rows: list[Row], **columns: list[object]) -> Path:
    path = folder / "talk.parquet"
    schema = {"session_id": pl.String, "turn_index": pl.Int64, "role": pl.String, "text": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row").with_columns(
        **{name: pl.Series(values) for name, values in columns.items()}
    )
    frame.write_parquet(path)
    return path


def test_they_are_joined_and_counted(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("a", 0, "client", "One"),
        ("a", 1, "Client ", None),
        ("a", 2, "client", "three."),
        ("a", 3, "therapist", "Yes."),
        ("b", 0, "therapist", "Hello."),
        ("b", 1, "therapist", " "),
    ]
    path = write(tmp_path, rows, start_s=[0.0, 1, 2, 3, 0, 1], end_s=[0.9, 2.5, 2.4, 4, None, None], mood=[*"lmhxyz"])
    result = read(path, merge=True)
    assert result.turns.drop("session_id", "role").rows() == [
        (0, "One three.", 0.0, 2.5, "l"),
        (3, "Yes.", 3.0, 4.0, "x"),
        (0, "Hello.", 0.0, None, "y"),
    ]
    assert [problem.code for problem in result.problems] == ["utterances_merged"]
    assert "3 utterances joined to the one before by the same speaker: 6 became 3 turns" in result.problems[0].message
    assert [row for batch in scan(path, merge=True).batches for row in batch.rows] == [1, 4, 5]


def test_they_are_not_joined_unless_asked_for(tmp_path: Path) -> None:
    assert read(write(tmp_path, [("a", 0, "client", "x"), ("a", 1, "client", "y")])).turns.height == 2


def test_two_speakers_of_one_role_are_two(tmp_path: Path) -> None:
    path = write(tmp_path, [("a", 0, "therapist", "x"), ("a", 1, "co-therapist", "y"), ("a", 2, "co-therapist", "z")])
    assert read(path, merge=True).turns["text"].to_list() == ["x", "y z"]


def test_who_is_left_out_comes_between_and_is_counted(tmp_path: Path) -> None:
    rows: list[Row] = [("a", n, who, who[0]) for n, who in enumerate(["client", "observer", "observer", "client"])]
    result = read(write(tmp_path, [*rows, ("a", 4, "therapist", "t")]), merge=True)
    assert result.turns["text"].to_list() == ["c", "c", "t"]
    assert [problem.code for problem in result.problems] == ["speaker_left_out"]
    assert "'observer' (2)" in result.problems[0].message


def test_a_dropped_mark_does_not_come_between(tmp_path: Path) -> None:
    path = write(tmp_path, [("a", 0, "client", "x"), ("a", 1, "therapist", "[laughs]"), ("a", 2, "client", "y")])
    assert read(path, merge=True, non_speech="drop-turns").turns["text"].to_list() == ["x y"]


@given(TURNS)
def test_any_turns_come_as_by_hand_and_in_pieces_of_any_size(turns: list[tuple[str, str, str]]) -> None:
    turns = [*sorted(turns, key=lambda turn: turn[0]), ("c", "client", "x")]
    rows: list[Row] = [(session, index, who, said) for index, (session, who, said) in enumerate(turns)]
    expected = []
    for (session, who), run in groupby(rows, key=lambda row: (row[0], row[2])):
        kept = list(run)
        said = [text for *_, text in kept if text is not None]
        joined = " ".join(text for text in said if text.strip()) or said[0]
        if who != "observer":
            expected.append((session, kept[0][1], joined))
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), rows)
        whole, apart = read(path, merge=True), read(path, merge=True, batch_rows=1)
    assert whole.turns.select("session_id", "turn_index", "text").rows() == expected
    assert (apart.turns.rows(), apart.problems) == (whole.turns.rows(), whole.problems)


@pytest.mark.parametrize("batch_rows", [1, 2, 100])
@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("a", 1), ("a", 0)], "row 2 has a turn_index that is not above the one before it"),
        ([("a", 0), ("b", 0), ("a", 1)], "row 3 goes on with a session that another has interrupted"),
    ],
)
def test_a_file_out_of_order_is_refused(
    tmp_path: Path, rows: list[tuple[str, int]], said: str, batch_rows: int
) -> None:
    path = write(tmp_path, [(session, index, "client", "x") for session, index in rows])
    with pytest.raises(DataError, match=said):
        read(path, merge=True, batch_rows=batch_rows)
