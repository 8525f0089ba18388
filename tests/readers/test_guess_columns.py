"""A guess of columns is offered with the exact flags, used on request alone, and recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alliancekit.errors import ColumnError
from alliancekit.readers import read

if TYPE_CHECKING:
    from pathlib import Path

HEADER = "call id,n,speaker,mood,utterance,start\n"
ROWS = "1,0,client,low,I came by bus today.,0.5\n1,1,therapist,low,Good that you came.,2\n"


def write(folder: Path, content: str) -> Path:
    (folder / "talk.csv").write_text(content)
    return folder / "talk.csv"


def test_it_is_offered_with_its_flags(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER + ROWS)
    with pytest.raises(ColumnError) as raised:
        read(path)
    assert str(raised.value) == (
        f"{path}: there is no column 'role' or 'text'. Columns there: 'call id', 'n', 'speaker', 'mood', 'utterance', "
        '\'start\'. A guess: columns={"session_id": "call id", "role": "speaker", "text": "utterance", '
        '"turn_index": "n", "start_s": "start"} (command line: --map \'session_id=call id\' --map role=speaker '
        "--map text=utterance --map turn_index=n --map start_s=start); or take the guess with guess_columns=True "
        "(--guess-columns)."
    )


@pytest.mark.parametrize("batch_rows", [1, 1000])
def test_it_is_used_on_request_and_recorded(tmp_path: Path, batch_rows: int) -> None:
    result = read(write(tmp_path, HEADER + ROWS), guess_columns=True, batch_rows=batch_rows)
    assert result.turns.select("turn_index", "role", "text", "start_s").rows() == [
        (0, "patient", "I came by bus today.", 0.5),
        (1, "therapist", "Good that you came.", 2.0),
    ]
    assert [problem.code for problem in result.problems] == ["columns_guessed"]
    assert "read with session_id=call id, role=speaker, text=utterance" in result.problems[0].message


def test_a_mapping_goes_before_it(tmp_path: Path) -> None:
    path = write(tmp_path, HEADER.replace("mood", "message") + ROWS)
    assert read(path, guess_columns=True).turns["text"][0] == "I came by bus today."
    assert read(path, guess_columns=True, columns={"text": "message"}).turns["text"][0] == "low"


@pytest.mark.parametrize(
    ("header", "role", "text"),
    [
        ("who,words", "who", "words"),
        ("a,b", "a", "b"),
        ("speaker_name,a", "speaker_name", "a"),
        ("mood,said", "mood", "said"),
    ],
)
def test_names_and_contents_tell(tmp_path: Path, header: str, role: str, text: str) -> None:
    path = write(tmp_path, header + "\nclient,I came by bus today.\ntherapist,Good that you came.\n")
    with pytest.raises(ColumnError, match=f"--map role={role} --map text={text}"):
        read(path)


@pytest.mark.parametrize("header", ["mood,note", "who,speaker"])
def test_what_is_a_matter_of_taste_is_not_guessed(tmp_path: Path, header: str) -> None:
    path = write(tmp_path, header + "\nlow,high\nhigh,low\n")
    with pytest.raises(ColumnError, match=r"the column '(role|text|session_id)' is missing"):
        read(path, guess_columns=True)


def test_a_session_like_column_is_taken_on_request(tmp_path: Path) -> None:
    path = write(tmp_path, "role,text,conversation\nclient,x,1\ntherapist,y,2\n")
    with pytest.raises(ColumnError, match="the column 'conversation' may be it"):
        read(path)
    assert read(path, guess_columns=True).turns["session_id"].to_list() == [1, 2]


def test_a_file_without_header_is_not_guessed(tmp_path: Path) -> None:
    with pytest.raises(ColumnError, match="is the header row missing"):
        read(write(tmp_path, "s1,0,client,zebrafinch sang\ns1,1,therapist,It did.\n"), guess_columns=True)
