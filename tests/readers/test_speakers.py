"""Who is patient, who is therapist, who is neither."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import alliancekit.roles
from alliancekit.errors import RoleError
from alliancekit.readers import read, scan

if TYPE_CHECKING:
    from pathlib import Path


def write(folder: Path, *names: str) -> Path:
    path = folder / "talk.csv"
    path.write_text("role,text\n" + "".join(f"{name},Yes.\n" for name in names))
    return path


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("THERAPIST:", "therapist"),
        ("Client 1", "patient"),
        ("client_02:", "patient"),
        ("Pt.", "patient"),
        ("[Ther.]", "therapist"),
        ("Dr.", "therapist"),
        ("ASSISTANT", "therapist"),
    ],
)
def test_case_outer_punctuation_and_numbers_do_not_matter(tmp_path: Path, name: str, role: str) -> None:
    assert read(write(tmp_path, name)).turns["role"].to_list() == [role]


@pytest.mark.parametrize("name", ["SPEAKER_00", "1", "Dr. Who", "C", "interviewer"])
def test_a_name_that_may_be_anyone_is_asked_about(tmp_path: Path, name: str) -> None:
    with pytest.raises(RoleError):
        read(write(tmp_path, name))


def test_a_mapping_is_of_that_name_and_no_other(tmp_path: Path) -> None:
    with pytest.raises(RoleError, match="in 1 of 2 rows, first in row 2"):
        read(write(tmp_path, "SPEAKER_00", "SPEAKER_01"), roles={"speaker_00": "therapist"})


def test_others_are_left_out_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "client", "System", "observer", "therapist", "Anna", "anna ")
    result = read(path, leave_out=["ANNA"])
    assert result.turns.select("turn_index", "role").rows() == [(0, "patient"), (3, "therapist")]
    assert result.problems[-1].code == "speaker_left_out"
    assert "'Anna' (1), 'System' (1), 'anna ' (1), 'observer' (1)" in result.problems[-1].message


def test_a_mapping_keeps_who_would_be_left_out(tmp_path: Path) -> None:
    assert read(write(tmp_path, "Mother"), roles={"mother": "patient"}).turns["role"].to_list() == ["patient"]


def test_turns_without_a_name_can_go_to_the_speaker_before(tmp_path: Path) -> None:
    path = tmp_path / "talk.csv"
    path.write_text('session_id,role,text\na,client,1\nb,therapist,2\na,,3\nb,"",4\n')
    batches = list(scan(path, unnamed="previous", batch_rows=2).batches)
    assert [role for batch in batches for role in batch.turns["role"]] == ["patient", "therapist"] * 2
    assert [row for batch in batches for row in batch.rows] == [1, 2, 3, 4]


def test_a_first_turn_without_a_name_has_no_speaker_before(tmp_path: Path) -> None:
    with pytest.raises(RoleError, match="empty in 1 of 2 rows, first in row 1"):
        read(write(tmp_path, "", "client"), unnamed="previous")


def test_only_names_that_are_shown_are_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(alliancekit.roles, "nearest", lambda name, _: asked.append(name))
    (tmp_path / "a.csv").write_text("role,text\n" + "".join(f"Anna{n},Yes.\n" for n in range(500)))
    with pytest.raises(RoleError, match="and 495 more names"):
        read(tmp_path / "a.csv")
    assert len(asked) == 5
