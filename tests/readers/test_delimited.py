"""CSV and TSV: what is read as it stands, what is said, what is refused."""

from __future__ import annotations

import tempfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import ColumnError, DataError
from alliancekit.readers import ReadOptions, batches, read
from alliancekit.readers.formats.blocks import blocks

HEADER = "session_id,turn_index,role,text\n"
ROWS = "s1,0,therapist,Hello.\ns1,1,patient,Good morning.\n"


def write(folder: Path, content: str | bytes, name: str = "talk.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def texts(path: Path, **columns: str) -> list[str | None]:
    return read(path, columns=columns).turns["text"].to_list()


def refusal(folder: Path, content: str | bytes, kind: type[Exception] = DataError) -> str:
    with pytest.raises(kind) as raised:
        read(write(folder, content))
    return str(raised.value)


@pytest.mark.parametrize(
    "content",
    [
        HEADER + ROWS,
        (HEADER + ROWS).rstrip("\n"),
        (HEADER + ROWS).replace("\n", "\r\n"),
        (HEADER + ROWS).replace("\n", "\r"),
        "\ufeff" + HEADER + ROWS,
        "\ufeff" + (HEADER + ROWS).replace("text", '"text"').replace("\n", "\r\n"),
        (HEADER + ROWS).encode("utf-16"),
        (HEADER + ROWS).replace("\n", "\r\n").encode("utf-32"),
    ],
    ids=["plain", "no last line end", "windows", "old macintosh", "mark", "mark, quotes, windows", "utf-16", "utf-32"],
)
def test_line_ends_and_marks_make_no_difference(tmp_path: Path, content: str | bytes) -> None:
    result = read(write(tmp_path, content))
    assert result.turns.rows() == [("s1", 0, "therapist", "Hello."), ("s1", 1, "patient", "Good morning.")]
    assert result.problems == ()


def test_tabs_separate_a_tsv(tmp_path: Path) -> None:
    assert texts(write(tmp_path, (HEADER + ROWS).replace(",", "\t"), "talk.tsv")) == ["Hello.", "Good morning."]


def test_quotes_are_those_of_rfc_4180(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + 's1,0,patient,"I said ""no"", twice,\nand left."\n')
    assert texts(path) == ['I said "no", twice,\nand left.']


def test_ids_roles_conditions_and_texts_are_strings(tmp_path: Path) -> None:
    path = write(tmp_path, "session_id,turn_index,role,text,condition,rater_id,age\n007,0,1,42,1,01,30\n")
    turns = read(path, roles={"1": "patient"}).turns
    assert turns.row(0) == ("007", 0, "patient", "42", "1", "01", 30)


def test_a_type_is_inferred_over_the_whole_file(tmp_path: Path) -> None:
    rows = "".join(f"s1,{n},patient,Yes.,{n}\n" for n in range(5000))
    path = write(tmp_path, "session_id,turn_index,role,text,mood\n" + rows + "s1,5000,patient,No.,low\n")
    assert read(path).turns.schema["mood"] == pl.String


def test_an_empty_field_is_null_and_an_empty_string_is_not(tmp_path: Path) -> None:
    assert texts(write(tmp_path, HEADER + 's1,0,patient,\ns1,1,patient,""\n')) == [None, ""]


def test_a_turn_of_a_megabyte_is_read(tmp_path: Path) -> None:
    long = "la " * 400_000
    assert texts(write(tmp_path, f'{HEADER}s1,0,patient,"{long}"\n')) == [long]


def test_blank_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    result = read(write(tmp_path, HEADER + "\ns1,0,patient,Yes.\n\ns1,1,patient,No.\n\n"))
    assert result.turns.height == 2
    assert [(problem.code, problem.message) for problem in result.problems] == [
        ("blank_row", "3 blank rows were left out.")
    ]


def test_rows_are_counted_with_the_blank_ones(tmp_path: Path) -> None:
    assert "first in row 3" in refusal(tmp_path, HEADER + "\ns1,0,patient,Yes.\ns1,1,,No.\n")


def test_a_short_row_is_a_warning(tmp_path: Path) -> None:
    result = read(write(tmp_path, HEADER + "s1,0,patient,Yes.\ns1,1,patient\n"))
    assert [(problem.code, problem.row, problem.severity) for problem in result.problems] == [
        ("short_row", 2, "warning")
    ]
    assert result.turns["text"].to_list() == ["Yes.", None]


def test_batches_have_at_most_the_rows_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, "role,text\n" + "patient,Yes.\n" * 2500)
    parts = list(batches(path, ReadOptions(batch_rows=1000)))
    assert max(part.turns.height for part in parts) <= 1000
    joined = pl.concat([part.turns for part in parts])
    assert joined["turn_index"].to_list() == list(range(2500))
    assert pl.concat([part.rows for part in parts]).to_list() == list(range(1, 2501))
    assert [problem.code for part in parts for problem in part.problems] == [
        "session_id_from_file",
        "turn_index_from_order",
    ]


def test_turns_are_numbered_within_each_session_in_file_order(tmp_path: Path) -> None:
    path = write(tmp_path, "session_id,role,text\na,patient,1\nb,patient,2\na,patient,3\n")
    assert read(path).turns["turn_index"].to_list() == [0, 0, 1]


def test_a_file_without_session_id_is_one_session(tmp_path: Path) -> None:
    path = write(tmp_path, "role,text\npatient,Yes.\n", "monday.csv")
    assert read(path).turns["session_id"].to_list() == ["monday"]


def test_a_column_that_may_be_the_session_is_asked_about(tmp_path: Path) -> None:
    message = refusal(tmp_path, "transcript_id,role,text\na,patient,Yes.\n", ColumnError)
    assert "the column 'transcript_id' may be it" in message


@pytest.mark.parametrize(("mark", "name"), [(";", "a semicolon"), ("\t", "a tab"), ("|", "a bar")])
def test_another_separator_is_seen_and_said(tmp_path: Path, mark: str, name: str) -> None:
    path = write(tmp_path, (HEADER + ROWS).replace(",", mark))
    result = read(path)
    assert result.turns.equals(read(path, separator=mark).turns)
    assert [(problem.code, problem.severity) for problem in result.problems] == [("separator", "note")]
    assert f"The mark between the columns is {name}" in result.problems[0].message
    assert not read(path, separator=mark).problems


def test_a_separator_in_a_quoted_name_is_none(tmp_path: Path) -> None:
    assert "one column only" in refusal(tmp_path, '"role;text"\nclient\n', ColumnError)
    path = write(tmp_path, '"role","text; as said"\nclient,Yes.\n')
    assert read(path, columns={"text": "text; as said"}).turns.height == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "the file is empty"),
        ("\ufeff\r\n", "the file is empty"),
        (HEADER, "the file has a header and no rows"),
        (HEADER + "\n\n", "the file has a header and no rows"),
        ("nothing here\n", "the first line has one column only"),
        ("text,text,role\na,b,c\n", "columns 1 and 2 have one name"),
        (HEADER + "s1,0,patient,Yes, and no.\n", "row 1 has 5 fields, and the header has 4"),
        (HEADER + ROWS + 's1,2,patient,"Yes\n', "row 3 is not quoted properly"),
        (HEADER + 's1,0,patient,"Yes" and no\n', "row 1 is not quoted properly"),
        (HEADER + ROWS + 's1,2,patient,5" tall\n', "row 3 has an odd number of quotes"),
        ((HEADER + ROWS).encode() + b"s1,2,patient,caf\xe9\n", "line 4 is not UTF-8 (byte 97 of the file)"),
        ((HEADER + ROWS).encode("utf-16")[:-1], "the file is not whole utf-16 text"),
        (HEADER + "s1,x,patient,Yes.\n", "the column 'turn_index' holds String"),
        (HEADER + "s1,0,patient,a\ns1,0,patient,b\n", "first rows 1 and 2"),
    ],
)
def test_a_malformed_file_is_refused_with_the_place(tmp_path: Path, content: str | bytes, said: str) -> None:
    message = refusal(tmp_path, content)
    assert message.startswith(f"{tmp_path / 'talk.csv'}: ")
    assert said in message


def test_a_number_whose_name_ends_like_an_id_is_a_number(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("role,text,gap_mid,paid,rater_id,lineID\nclient,Yes.,0.5,1,7,8\n")
    row = read(tmp_path / "a.csv").turns.select("gap_mid", "paid", "rater_id", "lineID").row(0)
    assert row == (0.5, 1, "7", "8")


@given(
    texts=st.lists(st.text('",\n\r;a ', max_size=12), min_size=1, max_size=30),
    size=st.integers(1, 40),
    rows=st.integers(1, 9),
)
def test_a_file_is_the_same_whatever_its_blocks(texts: list[str], size: int, rows: int) -> None:
    frame = pl.DataFrame({"turn_index": range(len(texts)), "role": "client", "text": texts})
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder, "talk.csv")
        frame.write_csv(path, quote_style="non_numeric")
        patch.setattr(blocks, "__kwdefaults__", {"size": size})
        pieces = [batch.turns for batch in batches(path, ReadOptions(batch_rows=rows))]
    assert pl.concat(pieces)["text"].to_list() == texts
    assert [piece.height for piece in pieces[:-1]] == [rows] * (len(pieces) - 1)
