"""Labels of sessions come from a side table by session_id, and every id without a partner is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from alliancekit.errors import ColumnError, DataError, ParameterError
from alliancekit.readers import read

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from alliancekit.readers import ReadResult

TALKS = "session_id,turn_index,role,text\ns1,0,client,a\ns2,0,client,b\ns1,1,therapist,c\ns3,0,client,d\n"


@pytest.fixture
def talks(tmp_path: Path) -> Path:
    path = tmp_path / "talks.csv"
    path.write_text(TALKS)
    return path


def labels(folder: Path, content: str, name: str = "labels.csv") -> Path:
    (folder / name).write_text(content)
    return folder / name


def codes(result: ReadResult) -> list[tuple[str, str]]:
    return [(problem.code, problem.severity) for problem in result.problems]


def test_labels_go_by_id_never_by_position(talks: Path, tmp_path: Path) -> None:
    table = labels(tmp_path, "session_id,condition,age\ns3,grief,50\ns1,anxiety,30\ns2,depression,40\n")
    result = read(talks, metadata=table)
    assert result.turns["condition"].to_list() == ["anxiety", "depression", "anxiety", "grief"]
    assert result.turns["age"].to_list() == [30, 40, 30, 50]
    assert result.turns.columns == ["session_id", "turn_index", "role", "text", "condition", "age"]
    assert result.problems == ()
    assert read(talks, metadata=table, batch_rows=1).turns.rows() == result.turns.rows()


def test_ids_without_a_partner_are_said_both_ways(talks: Path, tmp_path: Path) -> None:
    result = read(talks, metadata=labels(tmp_path, "session_id,condition\ns4,x\ns2,y\nS1,z\n,w\n"))
    assert result.turns["condition"].to_list() == [None, "y", None, None]
    assert codes(result) == [
        ("metadata_without_id", "warning"),
        ("metadata_missing", "warning"),
        ("metadata_unused", "warning"),
    ]
    without, missing, unused = (problem.message for problem in result.problems)
    assert "1 row without an id" in without
    assert "2 of 3 sessions without a row in this table and its labels: 's1', 's3'." in missing
    assert "1 of them differ from an id there in case" in missing
    assert "2 of 3 rows, this one first, of sessions that no transcript has: 's4', 'S1'." in unused
    assert (result.problems[2].row, result.problems[2].path.name) == (1, "labels.csv")


@pytest.mark.parametrize("name", ["labels.csv", "labels.tsv", "labels.jsonl", "labels.parquet"])
def test_any_table_can_hold_them(tmp_path: Path, name: str) -> None:
    pl.DataFrame({"session_id": [7], "turn_index": [0], "role": ["client"], "text": ["a"]}).write_parquet(
        tmp_path / "talk.parquet"
    )
    table = pl.DataFrame({"Session Code": [7.0], "condition": ["x"]})
    writers: dict[str, Callable[[Path], object]] = {
        "csv": lambda path: path.write_text("Session Code;condition\n7;x\n"),
        "tsv": lambda path: path.write_text("Session Code\tcondition\n 7\tx\n"),
        "jsonl": table.write_ndjson,
        "parquet": table.write_parquet,
    }
    writers[name.split(".")[1]](tmp_path / name)
    result = read(tmp_path / "talk.parquet", metadata=tmp_path / name, metadata_id="Session Code")
    assert result.turns.select("session_id", "condition").rows() == [(7, "x")]


def test_a_mapping_finds_labels_there(talks: Path, tmp_path: Path) -> None:
    table = labels(tmp_path, "session_id,diagnosis\ns1,x\ns2,y\ns3,z\n")
    assert read(talks, metadata=table, columns={"condition": "diagnosis"}).turns["condition"].to_list() == [*"xyxz"]


def test_where_both_have_a_column_the_metadata_goes_first(tmp_path: Path) -> None:
    talk = tmp_path / "talk.csv"
    talk.write_text(
        "session_id,turn_index,role,text,condition,n\ns1,0,client,a,x,1\ns2,0,client,b,y,2\ns3,0,client,c,z,3\n"
    )
    table = labels(tmp_path, "session_id,condition,n\ns1,x,1\ns2,Y,\ns3,,\n")
    result = read(talk, metadata=table)
    assert result.turns["condition"].to_list() == ["x", "Y", "z"]
    assert result.turns["n"].to_list() == [1, 2, 3]
    assert codes(result) == [("metadata_differs", "warning"), ("metadata_over_column", "note")]
    assert "it differs in 1 session: 's2'" in result.problems[0].message


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ("session_id,x\ns1,1\ns2,2\ns1,3\n", DataError, "1 id of 'session_id' in several rows, first in rows 1 and 3"),
        ("session,x\ns1,1\n", ColumnError, "'session_id' is missing. Nearest: 'session'.*--metadata-id NAME"),
        ("session_id,text\ns1,1\n", ColumnError, "'text' cannot be a label of a session"),
        ("session_id,x\n", DataError, "a header and no rows"),
    ],
)
def test_a_table_that_cannot_be_joined_is_refused(
    talks: Path, tmp_path: Path, content: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        read(talks, metadata=labels(tmp_path, content))


def test_an_id_column_without_a_table_is_refused(talks: Path) -> None:
    with pytest.raises(ParameterError, match="metadata=FILE is missing"):
        read(talks, metadata_id="code")


def test_it_is_no_transcript_in_a_folder_of_such(talks: Path, tmp_path: Path) -> None:
    table = labels(tmp_path, "session_id,condition\ns1,x\ns2,y\ns3,z\n")
    assert read(tmp_path, metadata=table).files == (talks,)


def test_each_file_counts(talks: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text(TALKS.replace("\ns", "\nr"))
    table = labels(tmp_path, "session_id,condition\ns1,x\ns2,y\ns3,z\nr1,x\nr2,y\nr3,z\n")
    assert read([talks, other], metadata=table).problems == ()
