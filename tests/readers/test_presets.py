"""Column sets that are known are read without a flag, and it is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alliancekit.errors import ColumnError
from alliancekit.readers import read

if TYPE_CHECKING:
    from pathlib import Path

ANNOMI = """transcript_id,mi_quality,topic,utterance_id,interlocutor,timestamp,utterance_text,client_talk_type
0,high,alcohol,0,therapist,00:00:13,How are you?,n/a
0,high,alcohol,1,client,00:01:02,Fine.,neutral
"""


def test_annomi_is_read_without_a_flag(tmp_path: Path) -> None:
    path = tmp_path / "AnnoMI-simple.csv"
    path.write_text(ANNOMI)
    result = read(path)
    assert result.turns.select("session_id", "turn_index", "role", "text", "start_s", "mi_quality").rows() == [
        ("0", 0, "therapist", "How are you?", 13.0, "high"),
        ("0", 1, "patient", "Fine.", 62.0, "high"),
    ]
    assert [(problem.code, problem.severity) for problem in result.problems] == [("preset", "note")]
    assert "AnnoMI: read with session_id=transcript_id" in result.problems[0].message


def test_a_further_mapping_goes_with_the_preset(tmp_path: Path) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(ANNOMI)
    assert read(path, columns={"condition": "topic"}).turns["condition"].to_list() == ["alcohol"] * 2


def test_a_mapping_of_what_is_required_takes_its_place(tmp_path: Path) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(ANNOMI)
    with pytest.raises(ColumnError, match=r"no column 'role'.*--map session_id=transcript_id"):
        read(path, columns={"text": "utterance_text"})


def test_a_table_with_canonical_names_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "talk.csv"
    path.write_text(ANNOMI.replace("topic", "text"))
    with pytest.raises(ColumnError, match=r"no column 'role'.*--map session_id=transcript_id"):
        read(path)
