"""Chats with a language model: OpenAI-style messages, whichever way a file holds them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.damage import damaged, turns_or_error

from alliancekit.errors import AllianceError, DataError, RoleError
from alliancekit.readers import read, reader_for, scan

FIXTURE: Final = Path(__file__).parent / "data" / "messages.json"
USER: Final = {"role": "user", "content": "Yes."}
ANSWER: Final = {"role": "assistant", "content": "And no?"}
SEEDS: Final = [
    FIXTURE.read_bytes(),
    json.dumps({"messages": [USER, ANSWER]}).encode(),
    json.dumps([USER, ANSWER]).encode(),
]


def written(folder: Path, value: object, name: str = "talk.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def lines_of(*values: object) -> str:
    return "".join(f"{json.dumps(value)}\n" for value in values)


def test_the_fixture_is_read_without_a_flag() -> None:
    """As a study's own script logs chats by OpenAI's interface: labels in metadata, content in parts, a tool's call."""
    result = read(FIXTURE)
    assert result.turns.select("session_id", "turn_index", "role", "text", "condition", "model").rows() == [
        ("chat-a", 1, "patient", "I can't sleep: not at all.\nSince May.", "supportive", "gpt-4o"),
        ("chat-a", 2, "therapist", "That sounds hard.\nWhat happened in May? [pause]", "supportive", "gpt-4o"),
        ("chat-b", 0, "patient", "Look at this.", "directive", "gpt-4o"),
        ("chat-b", 2, "therapist", "A drawing of a house.", "directive", "gpt-4o"),
    ]
    said = {problem.code: (problem.row, problem.unit) for problem in result.problems}
    assert said["tool_call"] == (5, "message")
    assert said["part_left_out"] == (4, "message")
    assert said["session_id_from_conversation"] == (None, "row")
    assert any("'system' (1)" in problem.message and "'tool' (1)" in problem.message for problem in result.problems)


@pytest.mark.parametrize(
    ("name", "value", "sessions"),
    [
        ("talk.json", {"messages": [USER, ANSWER]}, ["talk", "talk"]),
        ("talk.json", {"conversation": [USER, ANSWER]}, ["talk", "talk"]),
        ("talk.json", [USER, ANSWER], ["talk", "talk"]),
        ("talk.json", [[USER], [ANSWER]], ["talk-1", "talk-2"]),
        ("talk.json", [{"messages": [USER]}, {"messages": [ANSWER]}], ["talk-1", "talk-2"]),
        ("talk.json", [{"id": 1, "messages": [USER]}, {"id": 2, "messages": [ANSWER]}], [1, 2]),
        ("talk.jsonl", lines_of({"messages": [USER]}, {"messages": [ANSWER]}), ["talk-1", "talk-2"]),
        ("talk.jsonl", "\n" + lines_of([USER], [ANSWER]), ["talk-2", "talk-3"]),
        ("talk.ndjson", lines_of({"id": "a", "messages": [USER]}, {"id": "b", "messages": [ANSWER]}), ["a", "b"]),
    ],
)
def test_each_way_of_holding_conversations_is_known(
    tmp_path: Path, name: str, value: object, sessions: list[object]
) -> None:
    path = written(tmp_path, value, name)
    turns = read(path).turns
    assert reader_for(path).key == "chat-messages"
    assert turns["session_id"].to_list() == sessions
    assert turns.select("role", "text").rows() == [("patient", "Yes."), ("therapist", "And no?")]


def test_files_of_one_name_in_two_folders_are_other_sessions(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        written(tmp_path / folder, [{"messages": [USER]}, {"messages": [ANSWER]}])
    ids = pl.concat([batch.turns for batch in scan(tmp_path).batches])["session_id"].to_list()
    assert ids == ["a/talk-1", "a/talk-2", "b/talk-1", "b/talk-2"]


def test_what_a_model_was_told_is_no_label(tmp_path: Path) -> None:
    chat = {"messages": [USER], "system": "Be kind.", "tools": [{}], "text": "x", "mood": 2, "meta": {"site": "A"}}
    result = read(written(tmp_path, chat))
    assert result.turns.drop("session_id", "turn_index", "role").rows(named=True) == [
        {"text": "Yes.", "site": "A", "chat.text": "x", "mood": 2}
    ]
    assert "2 keys of conversations not taken as labels: 'system', 'tools'." in [p.message for p in result.problems]


def test_consecutive_messages_of_one_speaker_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path, [[USER, USER, ANSWER], [ANSWER]])
    problem = next(problem for problem in read(path).problems if problem.code == "consecutive_messages")
    assert (problem.row, problem.severity) == (2, "note")
    assert read(path, merge=True).turns.height == 3


def test_an_empty_conversation_is_said(tmp_path: Path) -> None:
    result = read(written(tmp_path, [[USER], []], "talk.json"))
    assert [problem.code for problem in result.problems] == ["session_id_from_number", "empty_conversation"]
    assert result.turns["session_id"].to_list() == ["talk-1"]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"messages": [USER, "Yes."]}, "message 2 holds a JSON string, not an object"),
        ({"messages": "Yes."}, "conversation 1, 'messages' holds a JSON string, not an array"),
        ({"prompt": "Yes."}, "conversation 1 has no 'messages' or 'conversation'"),
        (
            {"messages": [{**USER, "content": {"text": "Yes."}}]},
            "message 1, 'content' holds a JSON object, not a string",
        ),
        ({"messages": [{**USER, "content": [3]}]}, "message 1, part 1 of 'content' holds a JSON number, not an object"),
        ({"messages": [{**USER, "content": [{"text": 3}]}]}, "part 1 of 'content', 'text' holds a JSON number"),
        ({"messages": [USER, {**USER, "role": ["Yes."]}]}, "message 2, 'role' holds a JSON array, not a string"),
        ([USER, {"messages": [USER]}], "element 2 is of another shape"),
        ([{"messages": [USER]}, USER], "element 2 is of another shape"),
        ([{"messages": [USER]}, "Yes."], "conversation 2 is a JSON string, not an object with 'messages'"),
        ([{"id": "Yes.", "messages": []}, {"messages": [USER]}], "conversation 2: some conversations have an id"),
        ([{"id": 1, "messages": []}, {"id": "1", "messages": [USER]}], "has the same 'id' as conversation 1"),
        ([{"id": 1.5, "messages": [USER]}], "conversation 1, 'id' holds a JSON number, not a name or a whole"),
        ([{"messages": [{**USER, "content": "a" * 70_000}]}], "element 1 has more than 65536 bytes"),
        ({"messages": [{**USER, "content": "a\ud83d"}]}, "half of a surrogate pair"),
        ({"messages": []}, "no turn was found"),
        ([], "no turn was found"),
        ("", "the file is empty"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(tmp_path: Path, value: object, said: str) -> None:
    path = written(tmp_path, value)
    with pytest.raises(DataError) as raised:
        read(path, format="chat-messages", max_record_bytes=65_536)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)


def test_a_message_without_a_role_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RoleError, match="empty in 1 of 2 messages, first in message 2"):
        read(written(tmp_path, {"messages": [USER, {"content": "Yes."}]}))


@pytest.mark.parametrize("length", [1, 30, 150, 400, 600, 1200, 1500])
def test_a_cut_file_is_refused(tmp_path: Path, length: int) -> None:
    path = written(tmp_path, FIXTURE.read_text(encoding="utf-8")[:length])
    with pytest.raises(AllianceError):
        read(path)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("a.json", {"request": {"messages": [USER]}}),
        ("a.json", {"messages": ["Yes.", {"author": "Ben", "body": "No."}]}),
        ("a.json", [{**USER, "session_id": 1}]),
        ("a.json", {"id": "a", "conversations": [{"from": "human", "value": "Yes."}]}),
        ("a.json", [{"dialog": [{"speaker": "seeker", "content": "Yes."}]}]),
        ("a.json", {"segments": [{"start": 0, "end": 1, "text": '"messages": [{"role": 1, "content": 1}]'}]}),
        ("a.jsonl", lines_of(USER, ANSWER)),
        ("a.jsonl", lines_of({"session_id": "a", "turn_index": 0, "role": "client", "text": "Yes."})),
        ("a.json", "no JSON"),
    ],
)
def test_a_stranger_is_not_taken_for_a_chat(tmp_path: Path, name: str, value: object) -> None:
    try:
        found = reader_for(written(tmp_path, value, name)).key
    except DataError:
        found = "none"
    assert found != "chat-messages"


TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]))
CONTENTS: Final = st.one_of(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
TALKS: Final = st.lists(
    st.lists(st.tuples(st.sampled_from(["user", "assistant"]), CONTENTS), min_size=1, max_size=4),
    min_size=2,
    max_size=3,
)


def message(role: str, content: str | list[str]) -> dict[str, Any]:
    parts = content if isinstance(content, str) else [{"type": "text", "text": part} for part in content]
    return {"role": role, "content": parts}


@given(talks=TALKS, by_line=st.booleans(), batch_rows=st.integers(1, 3))
def test_what_is_written_comes_back(
    talks: list[list[tuple[str, str | list[str]]]], *, by_line: bool, batch_rows: int
) -> None:
    values = [{"messages": [message(role, content) for role, content in talk]} for talk in talks]
    with tempfile.TemporaryDirectory() as folder:
        name = "talks.jsonl" if by_line else "talks.json"
        path = written(Path(folder), lines_of(*values) if by_line else values, name)
        turns = read(path, batch_rows=batch_rows).turns
    assert turns.select("session_id", "turn_index", "role", "text").rows() == [
        (
            f"talks-{number}",
            index,
            {"user": "patient", "assistant": "therapist"}[role],
            content if isinstance(content, str) else "\n".join(content),
        )
        for number, talk in enumerate(talks, start=1)
        for index, (role, content) in enumerate(talk)
    ]


@given(damaged(SEEDS))
def test_any_bytes_are_turns_or_a_data_error(data: bytes) -> None:
    turns_or_error(data, ".json")
