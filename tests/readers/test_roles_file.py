"""Who is who, file by file or session by session, from a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alliancekit.errors import ColumnError, DataError, RoleError
from alliancekit.readers import read

if TYPE_CHECKING:
    from pathlib import Path


def talk(path: Path, *speakers: str, session: str | None = None) -> Path:
    path.parent.mkdir(exist_ok=True)
    rows = [f"{session or ''},{n},{speaker},x" for n, speaker in enumerate(speakers)]
    lines = ["session_id,turn_index,role,text", *rows]
    path.write_text("\n".join(line if session else line.partition(",")[2] for line in lines))
    return path


def table(folder: Path, content: str) -> Path:
    (folder / "who.csv").write_text(content)
    return folder / "who.csv"


def test_a_name_has_a_role_in_each_file(tmp_path: Path) -> None:
    talk(tmp_path / "one.csv", "SPK_0", "SPK_1", "SPK_2")
    talk(tmp_path / "two.csv", "SPK_0", "SPK_1")
    who = table(
        tmp_path,
        "file,speaker,role\none.csv,SPK_0,Client\none.csv,spk_1,therapist\none.csv,SPK_2,leave-out\n"
        "two,SPK_0,therapist\ntwo,SPK_1,patient\n",
    )
    result = read(tmp_path, roles_file=who)
    assert result.turns["role"].to_list() == ["patient", "therapist", "therapist", "patient"]
    assert [problem.message for problem in result.problems if problem.code == "speaker_left_out"] == [
        "Turns of speakers who are neither patient nor therapist were left out: 'SPK_2' (1)."
    ]
    assert not [problem for problem in result.problems if problem.severity == "warning"]


def test_it_goes_before_roles_and_known_names(tmp_path: Path) -> None:
    path = talk(tmp_path / "one.csv", "client", "Anna", "Ben", "observer")
    who = table(tmp_path, "file;speaker;role\none;client;therapist\none;Anna;patient\none;observer;patient\n")
    result = read(path, roles_file=who, roles={"anna": "therapist", "ben": "therapist"}, leave_out=["Anna"])
    assert result.turns["role"].to_list() == ["therapist", "patient", "therapist", "patient"]


def test_files_of_one_name_are_told_by_their_path(tmp_path: Path) -> None:
    talk(tmp_path / "a" / "talk.csv", "X")
    talk(tmp_path / "b" / "talk.csv", "X")
    who = table(tmp_path, "file,speaker,role\na/talk.csv,X,patient\nb\\talk,X,therapist\n")
    result = read([tmp_path / "a", tmp_path / "b"], roles_file=who)
    assert result.turns.select("session_id", "role").rows() == [("a/talk", "patient"), ("b/talk", "therapist")]


def test_sessions_of_one_file_may_differ(tmp_path: Path) -> None:
    path = tmp_path / "all.csv"
    path.write_text("session_id,turn_index,role,text\ns1,0,A,x\ns2,0,A,x\ns2,1,B,x\ns3,0,client,x\n")
    who = table(
        tmp_path, "session_id,speaker,role\ns1,A,patient\ns2,A,therapist\ns2,B,leave-out\ns3,client,therapist\n"
    )
    result = read(path, roles_file=who, batch_rows=1)
    assert result.turns["role"].to_list() == ["patient", "therapist", "therapist"]


def test_what_is_not_met_is_said(tmp_path: Path) -> None:
    path = talk(tmp_path / "one.csv", "A")
    who = table(tmp_path, "file,speaker,role\nnone.vtt,A,patient\none,A,patient\none,B,therapist\n")
    problems = [problem for problem in read(path, roles_file=who).problems if problem.severity == "warning"]
    assert [(problem.code, problem.path.name, problem.row) for problem in problems] == [
        ("roles_file_speaker", "one.csv", None),
        ("roles_file_unused", "who.csv", 1),
    ]
    assert "1 of the 2 files in this table not met: 'none.vtt'" in problems[1].message


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        ("file,speaker,role\na,X,patint\n", DataError, r"row 1: 'role' is none of .* Did you mean 'patient'"),
        ("file,speaker,role\na,X,\n", DataError, "row 1: 'role' is none of patient, therapist and leave-out"),
        ("file,speaker,role\na,,patient\n", DataError, "row 1: a cell of 'file' or 'speaker' is empty"),
        ("file,speaker,role\na,X,patient\na,x ,therapist\n", DataError, "row 2: this speaker has another role"),
        ("name,speaker,role\na,X,patient\n", ColumnError, "'file' is missing.*a row per speaker"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(
    tmp_path: Path, content: str, error: type[Exception], said: str
) -> None:
    with pytest.raises(error, match=said):
        read(talk(tmp_path / "a.csv", "X"), roles_file=table(tmp_path, content))


def test_who_is_not_in_it_is_asked_about(tmp_path: Path) -> None:
    with pytest.raises(RoleError, match="in 1 of 2 rows, first in row 2"):
        read(talk(tmp_path / "a.csv", "X", "Y"), roles_file=table(tmp_path, "file,speaker,role\na,X,patient\n"))
