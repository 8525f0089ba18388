"""Ids become keyed hashes, the same on each run, and no output or problem shows what they were."""

from __future__ import annotations

import hmac
import traceback
from typing import TYPE_CHECKING

import polars as pl
import pytest

from alliancekit.errors import DataError, FileAccessError, ParameterError
from alliancekit.readers import check, read, scan
from alliancekit.readers.pseudonyms import Pseudonyms, read_key

if TYPE_CHECKING:
    from pathlib import Path

KEY = bytes(range(32))
HEADER = "session_id,turn_index,role,text,patient_id,therapist_id\n"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    path = tmp_path / "key"
    path.write_bytes(KEY + b"\n")
    path.chmod(0o600)
    return path


def by_hand(kind: str, value: str) -> str:
    message = b"\0".join((b"alliancekit", kind.encode(), value.encode()))
    return f"{kind}-{hmac.new(KEY, message, 'sha256').hexdigest()[:24]}"


def test_ids_are_replaced_by_the_hash_of_kind_and_id(tmp_path: Path, key: Path) -> None:
    (tmp_path / "talk.csv").write_text(HEADER + "s1,0,client,x,P1,P1\ns1,1,therapist,y,,P2\n")
    result = read(tmp_path / "talk.csv", pseudonymise=key)
    session = by_hand("session", "s1")
    assert result.turns.select("session_id", "patient_id", "therapist_id").rows() == [
        (session, by_hand("patient", "P1"), by_hand("therapist", "P1")),
        (session, None, by_hand("therapist", "P2")),
    ]
    assert [problem.code for problem in result.problems] == ["pseudonymised"]
    assert "nothing else: texts and the columns 'turn_index', 'role', 'text' are as they were" in str(result.problems)


def test_an_integer_is_the_same_id_as_its_digits(tmp_path: Path, key: Path) -> None:
    turn = {"turn_index": [0], "role": ["client"], "text": ["x"]}
    pl.DataFrame({"session_id": [7], **turn}).write_parquet(tmp_path / "a.parquet")
    assert read(tmp_path / "a.parquet", pseudonymise=key).turns["session_id"].to_list() == [by_hand("session", "7")]


def test_nothing_that_is_given_back_shows_an_id_or_a_name(tmp_path: Path, key: Path) -> None:
    folder = tmp_path / "Zebra Finch"
    (folder / "sub").mkdir(parents=True)
    for path in (folder / "zebra.csv", folder / "sub" / "zebra.csv"):
        path.write_text("role,text\nSPK_1,Why?\nSPK_1,How?\nSPK_1,Who?\nSPK_2,x y\nzebra,No\n")
    (folder / "zebra2.csv").write_text("role,text,mood\nclient,x,low\ntherapist,y,low\n")
    (folder / "zebra.docx").touch()
    (folder / "labels.csv").write_text("session_id,condition\nzebra,x\nsub/zebra,y\nzebra2,z\n")
    (folder / "who.csv").write_text("file,speaker,role\nzebra5,zebra,patient\n")
    result = read(
        folder,
        pseudonymise=key,
        metadata=folder / "labels.csv",
        roles_file=folder / "who.csv",
        guess_roles=True,
        leave_out=["zebra"],
        roles={"SPK_2": "therapist"},
    )
    problems = [problem for problem in result.problems if problem.path.parent != folder]
    said = [str(problem) for problem in problems] + [problem.message for problem in result.problems]
    assert len({problem.code for problem in result.problems}) >= 7
    assert "zebra" not in "".join(said).lower()
    assert "(a name, not shown)" in "".join(said)
    assert "zebra" not in result.turns.select(pl.col(pl.String)).drop("text").write_csv()
    assert {problem.path.name for problem in problems if problem.code == "speaker_left_out"} == {
        by_hand("session", "zebra") + ".csv",
        by_hand("session", "sub/zebra") + ".csv",
    }


@pytest.mark.parametrize("content", ["role,text\n", "role,text\nAnna,Yes.\n", "role,text\nclient,Yes.,No.\n"])
def test_an_error_names_a_file_as_outputs_do(tmp_path: Path, key: Path, content: str) -> None:
    folder = tmp_path / "Zebra Finch"
    folder.mkdir()
    (folder / "zebra.csv").write_text(content)
    with pytest.raises(DataError) as raised:
        read(folder, pseudonymise=key)
    assert "zebra" not in "".join(traceback.format_exception(raised.value)).lower().split("error: ")[-1]
    assert str(raised.value).startswith(by_hand("session", "zebra") + ".csv: ")
    assert "The file's own name is shown without pseudonymise" in str(raised.value)
    checked = check(folder, pseudonymise=key)
    assert "zebra" not in "".join(map(str, checked.problems)).lower()


def test_turns_of_two_files_are_named_by_pseudonyms(tmp_path: Path, key: Path) -> None:
    for name in ("zebra.csv", "finch.csv"):
        (tmp_path / name).write_text("session_id,turn_index,role,text\ns1,0,client,x\n")
    with pytest.raises(DataError, match=by_hand("session", "zebra")) as raised:
        read([tmp_path / "zebra.csv", tmp_path / "finch.csv"], pseudonymise=key)
    assert str(tmp_path) not in str(raised.value)


def test_metadata_are_joined_by_the_ids_as_they_were(tmp_path: Path, key: Path) -> None:
    (tmp_path / "talk.csv").write_text("session_id,turn_index,role,text\ns1,0,client,x\n")
    (tmp_path / "labels.csv").write_text("session_id,patient_id,condition\ns1,P1,grief\n")
    turns = read(tmp_path / "talk.csv", pseudonymise=key, metadata=tmp_path / "labels.csv").turns
    assert turns.select("patient_id", "condition").rows() == [(by_hand("patient", "P1"), "grief")]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o610, 0o666])
def test_a_key_that_others_can_use_is_refused(key: Path, mode: int) -> None:
    key.chmod(mode)
    with pytest.raises(FileAccessError, match=r"others than its owner can use the key file.*chmod 600"):
        read_key(key)


@pytest.mark.parametrize("content", [KEY[:31], b"", b"a" * 64, KEY[:31] + b"\n\r\n"])
def test_a_weak_key_is_refused_before_any_file(key: Path, content: bytes) -> None:
    key.write_bytes(content)
    with pytest.raises(ParameterError, match="at least 32 random bytes"):
        scan("none.csv", pseudonymise=key)


def test_a_key_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileAccessError, match="No such file"):
        read_key(tmp_path / "none")


def test_the_key_is_in_no_representation() -> None:
    assert "key" not in repr(Pseudonyms(KEY))
