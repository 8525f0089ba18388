"""A session that loses a side because its speaker is left out is said with the names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.readers import batches, read

if TYPE_CHECKING:
    from pathlib import Path


def test_a_lost_side_is_said_with_the_names(tmp_path: Path) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(
        "session_id,turn_index,role,text\na1,0,mother,x\na1,1,therapist,x\nb1,0,client,x\nb1,1,therapist,x\nb1,2,father,x\n"
        "c1,0,client,x\nc1,1,Kim,x\n"
    )
    warnings = [found for found in read(path, leave_out=["kim"]).problems if found.severity == "warning"]
    assert [found.code for found in warnings] == ["patient_left_out", "therapist_left_out"]
    assert "1 session without a patient, after turns of these speakers were left out: 'mother'. First: 'a1'." in str(
        warnings[0]
    )
    assert "(command line: --roles NAME=therapist)" in warnings[1].message


def test_one_file_alone_says_it_too(tmp_path: Path) -> None:
    path = tmp_path / "talk.csv"
    path.write_text("session_id,turn_index,role,text\na,0,mother,x\na,1,therapist,x\n")
    codes = [found.code for batch in batches(path) for found in batch.problems]
    assert codes == ["speaker_left_out", "patient_left_out"]


def test_a_side_in_another_file_is_not_lost(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("session_id,turn_index,role,text\na,0,mother,x\na,1,therapist,x\n")
    (tmp_path / "b.csv").write_text("session_id,turn_index,role,text\na,2,client,x\n")
    assert not [found for found in read(tmp_path).problems if found.severity == "warning"]
