"""ESConv: a conversation is a session, the seeker is the patient."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import DataError, RoleError
from alliancekit.readers import read, reader_for

FIXTURE = Path(__file__).parent / "data" / "esconv.json"
MESSAGE = {"speaker": "seeker", "annotation": {}, "content": "Yes."}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


def written(folder: Path, value: object) -> Path:
    path = folder / "talks.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def talk(*messages: object, **labels: object) -> dict[str, Any]:
    return {"emotion_type": "fear", "problem_type": "school", "dialog": list(messages), **labels}


def test_the_fixture_is_read_without_a_flag() -> None:
    result = read(FIXTURE)
    assert result.turns.select("session_id", "turn_index", "role", "emotion_type", "strategy").rows() == [
        ("esconv-1", 0, "patient", "anxiety", None),
        ("esconv-1", 1, "therapist", "anxiety", "Question"),
        ("esconv-1", 2, "patient", "anxiety", None),
        ("esconv-1", 3, "patient", "anxiety", None),
        ("esconv-2", 0, "therapist", "sadness", "Others"),
        ("esconv-2", 1, "patient", "sadness", None),
    ]
    assert result.turns["text"][0] == "Hello\n"
    assert result.turns["text"][3].endswith("\N{PENSIVE FACE}")
    assert [(problem.code, problem.severity) for problem in result.problems] == [("consecutive_messages", "note")]


def test_files_of_one_name_in_two_folders_are_two(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, [talk(MESSAGE)])
    assert read(tmp_path).turns["session_id"].to_list() == ["a/talks-1", "b/talks-1"]


def test_in_the_failed_set_the_seeker_is_called_speaker(tmp_path: Path) -> None:
    path = written(tmp_path, [talk({**MESSAGE, "speaker": "speaker"}, {**MESSAGE, "speaker": "listener"})])
    assert read(path).turns["role"].to_list() == ["patient", "therapist"]


@given(talks=st.lists(st.lists(st.tuples(st.sampled_from(["seeker", "supporter"]), TEXTS), min_size=1), min_size=1))
def test_what_is_written_comes_back(talks: list[list[tuple[str, str]]]) -> None:
    value = [talk(*({"speaker": who, "content": said} for who, said in messages)) for messages in talks]
    with tempfile.TemporaryDirectory() as folder:
        turns = read(written(Path(folder), value)).turns
    assert turns.select("session_id", "turn_index", "text").rows() == [
        (f"talks-{number}", index, said)
        for number, messages in enumerate(talks, start=1)
        for index, (_, said) in enumerate(messages)
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([talk({**MESSAGE, "content": ["Yes."]})], "message 1, 'content' holds a JSON array, not a string"),
        ([talk(MESSAGE), talk(MESSAGE, "Yes.")], "message 3 holds a JSON string, not an object"),
        ([talk(MESSAGE), {**talk(), "dialog": "Yes."}], "conversation 2, 'dialog' holds a JSON string, not an array"),
        ([talk(MESSAGE), talk(MESSAGE, emotion_type=1)], "conversation 2, 'emotion_type' holds a JSON number"),
        ([talk(MESSAGE), "dialog"], "conversation 2 holds a JSON string, not an object"),
        ([talk(MESSAGE, {**MESSAGE, "content": "a\ud83d"})], "element 1 has half of a surrogate pair"),
        ([talk(), {"dialog": [], "speaker": 1, "content": 1}], "no turn was found"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(tmp_path: Path, value: object, said: str) -> None:
    path = written(tmp_path, value)
    with pytest.raises(DataError) as raised:
        read(path, format="esconv")
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)


def test_a_message_without_a_speaker_is_refused_left_out_or_given_to_the_one_before(tmp_path: Path) -> None:
    path = written(tmp_path, [talk(MESSAGE, {**MESSAGE, "speaker": None})])
    with pytest.raises(RoleError, match="empty in 1 of 2 messages, first in message 2"):
        read(path)
    left_out = read(path, unnamed="leave-out")
    assert left_out.turns.height == 1
    assert "not named (1)" in " ".join(problem.message for problem in left_out.problems)
    assert read(path, unnamed="previous").turns["role"].to_list() == ["patient", "patient"]


def test_the_content_decides(tmp_path: Path) -> None:
    assert reader_for(written(tmp_path, [talk(MESSAGE)])).name == "ESConv"
