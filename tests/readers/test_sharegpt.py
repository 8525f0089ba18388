"""ShareGPT: chats with a language model as they were shared."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.damage import damaged, turns_or_error

from alliancekit.errors import DataError, RoleError
from alliancekit.readers import read, reader_for

FIXTURE: Final = Path(__file__).parent / "data" / "sharegpt.jsonl"
HUMAN: Final = {"from": "human", "value": "Yes."}
GPT: Final = {"from": "gpt", "value": "And no?"}
SEEDS: Final = [FIXTURE.read_bytes()]


def written(folder: Path, value: object, name: str = "talk.json") -> Path:
    path = folder / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_the_fixture_is_read_without_a_flag() -> None:
    """As the cleaned sets of ShareGPT on the Hugging Face hub are, one conversation a line."""
    result = read(FIXTURE)
    assert result.turns.select("session_id", "turn_index", "role", "text").rows() == [
        ("7xQ_0", 0, "patient", "Hi \N{SLIGHTLY SMILING FACE}"),
        ("7xQ_0", 1, "therapist", "Hello. What brings you here?"),
        ("7xQ_1", 1, "patient", "My boss."),
        ("7xQ_1", 2, "therapist", "Your boss?\n\nTell me more."),
    ]
    codes = [problem.code for problem in result.problems]
    assert codes[:2] == ["session_id_from_conversation", "keys_left_out"]
    assert any("'system' (1)" in problem.message for problem in result.problems)


@pytest.mark.parametrize(
    ("value", "sessions"),
    [
        ({"conversations": [HUMAN, GPT]}, ["talk", "talk"]),
        ([{"conversations": [HUMAN]}, {"conversations": [GPT]}], ["talk-1", "talk-2"]),
        ([{"id": "a", "conversations": [HUMAN, GPT]}], ["a", "a"]),
    ],
)
def test_an_object_or_an_array_of_them(tmp_path: Path, value: object, sessions: list[str]) -> None:
    path = written(tmp_path, value)
    assert reader_for(path).key == "sharegpt"
    assert read(path).turns["session_id"].to_list() == sessions


def test_tools_are_left_out_and_counted(tmp_path: Path) -> None:
    call, result = {"from": "function_call", "value": "{}"}, {"from": "observation", "value": "4"}
    read_ = read(written(tmp_path, {"conversations": [HUMAN, call, result, GPT]}))
    assert read_.turns["turn_index"].to_list() == [0, 3]
    assert any("'function' (1)" in problem.message for problem in read_.problems)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"conversations": [HUMAN, {"from": "gpt", "value": ["Yes."]}]}, "message 2, 'value' holds a JSON array"),
        ({"conversations": [HUMAN, {"from": 1, "value": "Yes."}]}, "message 2, 'from' holds a JSON number"),
        ({"conversations": [["Yes."]]}, "message 1 holds a JSON array, not an object"),
        ({"conversations": {"from": "Yes."}}, "conversation 1, 'conversations' holds a JSON object, not an array"),
        ([{"items": []}], "conversation 1 has no 'conversations' or 'conversation'"),
        ({"conversations": [HUMAN], "a": "b" * 70_000}, "document 1 has more than 65536 bytes"),
        ('{"conversations": [', "is not valid JSON"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(tmp_path: Path, value: object, said: str) -> None:
    path = written(tmp_path, value)
    with pytest.raises(DataError) as raised:
        read(path, format="sharegpt", max_record_bytes=65_536)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)


def test_a_broken_line_is_refused_with_its_number(tmp_path: Path) -> None:
    path = written(tmp_path, FIXTURE.read_text(encoding="utf-8")[:-20], "talk.jsonl")
    with pytest.raises(DataError, match="line 2 is not valid JSON"):
        read(path)


def test_a_message_without_a_speaker_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RoleError, match="first in message 2"):
        read(written(tmp_path, {"conversations": [HUMAN, {"value": "Yes."}]}))


@pytest.mark.parametrize(
    "value",
    [
        {"conversations": [{"role": "user", "content": "Yes."}]},
        {"log": {"conversations": [HUMAN]}},
        [{"from": "a", "value": 1}, {"from": "b", "value": 2}],
        {"conversations": {"id": {"from": 1, "value": 2}}},
    ],
)
def test_a_stranger_is_not_taken_for_it(tmp_path: Path, value: object) -> None:
    try:
        found = reader_for(written(tmp_path, value)).key
    except DataError:
        found = "none"
    assert found != "sharegpt"


TALKS: Final = st.lists(
    st.lists(
        st.tuples(st.sampled_from(["human", "gpt"]), st.text(st.characters(exclude_categories=["Cs"]))),
        min_size=1,
        max_size=4,
    ),
    min_size=1,
    max_size=3,
)


@given(talks=TALKS, batch_rows=st.integers(1, 3))
def test_what_is_written_comes_back(talks: list[list[tuple[str, str]]], batch_rows: int) -> None:
    values = [
        {"id": f"chat {number}", "conversations": [{"from": who, "value": said} for who, said in talk]}
        for number, talk in enumerate(talks)
    ]
    with tempfile.TemporaryDirectory() as folder:
        turns = read(written(Path(folder), values), batch_rows=batch_rows).turns
    assert turns.select("session_id", "turn_index", "role", "text").rows() == [
        (f"chat {number}", index, {"human": "patient", "gpt": "therapist"}[who], said)
        for number, talk in enumerate(talks)
        for index, (who, said) in enumerate(talk)
    ]


@given(damaged(SEEDS))
def test_any_bytes_are_turns_or_a_data_error(data: bytes) -> None:
    turns_or_error(data, ".jsonl")
