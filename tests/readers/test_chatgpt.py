"""ChatGPT's export: of the tree of messages the branch that was left, and only what was said."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.damage import damaged, turns_or_error

from alliancekit.errors import DataError
from alliancekit.readers import read, reader_for

FIXTURE: Final = Path(__file__).parent / "data" / "chatgpt.json"


def exported() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(FIXTURE.read_text())
    return found


def written(folder: Path, value: object) -> Path:
    path = folder / "conversations.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def test_the_fixture_is_read_without_a_flag() -> None:
    """As the export has it: an answer made again, a voice message with an image, a search and what it gave."""
    assert reader_for(FIXTURE).key == "chatgpt"
    result = read(FIXTURE)
    assert result.turns.select("session_id", "turn_index", "role", "text").rows() == [
        ("6a1f-1", 0, "patient", "I can't sleep."),
        ("6a1f-1", 1, "therapist", "What keeps you awake?"),
        ("6a1f-1", 2, "patient", "Work. And look at this."),
        ("6a1f-1", 4, "therapist", "That sounds heavy.\n\nShall we look at it together?"),
        ("6a1f-2", 0, "patient", "Hi."),
        ("6a1f-2", 1, "therapist", "Hello. How are you?"),
    ]
    codes = [problem.code for problem in result.problems]
    for code in ("other_branch", "hidden_message", "tool_call", "part_left_out", "keys_left_out", "speaker_left_out"):
        assert codes.count(code) == 1


def test_a_title_is_made_of_the_talk_and_no_label() -> None:
    result = read(FIXTURE)
    assert "Insomnia" not in result.turns.drop("text").write_csv() + "".join(map(str, result.problems))
    assert "default_model_slug" in result.turns.columns


def test_without_a_current_node_the_last_branch_is_taken(tmp_path: Path) -> None:
    first = exported()[0]
    del first["current_node"]
    assert read(written(tmp_path, first)).turns.height == 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"n2": {"parent": "n5"}}, "goes in a circle"),
        ({"n4": {"parent": "gone"}}, "leads to a message that is not there"),
        ({"n4": {"message": {"author": [], "content": {}}}}, "'author' holds a JSON array"),
        (
            {"n4": {"message": {"author": {"role": 1}, "content": {"content_type": "text", "parts": ["a"]}}}},
            "not a str",
        ),
        ({"n4": {"message": {"author": {"role": "user"}, "content": "Yes."}}}, "'content' holds a JSON string"),
        ({"n4": "Yes."}, "a node of 'mapping' holds a JSON string"),
    ],
)
def test_messages_that_do_not_hang_together_are_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    first = exported()[0]
    for name, value in change.items():
        first["mapping"][name] = {**first["mapping"][name], **value} if isinstance(value, dict) else value
    with pytest.raises(DataError, match=message):
        read(written(tmp_path, [first]))


@given(
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs", "Z", "C"]), min_size=1), min_size=1, max_size=6),
    order=st.randoms(use_true_random=False),
)
def test_what_is_written_is_read_whatever_the_order_of_the_nodes(texts: list[str], order: Any) -> None:  # noqa: ANN401 - hypothesis names no type
    names = [f"n{n}" for n in range(len(texts))]
    nodes = [
        {
            "message": {
                "author": {"role": ("user", "assistant")[n % 2]},
                "content": {"content_type": "text", "parts": [text]},
            },
            "parent": names[n - 1] if n else None,
            "children": names[n + 1 : n + 2],
        }
        for n, text in enumerate(texts)
    ]
    mapping = list(zip(names, nodes, strict=True))
    order.shuffle(mapping)
    with tempfile.TemporaryDirectory() as folder:
        turns = read(written(Path(folder), {"mapping": dict(mapping), "current_node": names[-1]})).turns
    assert turns["text"].to_list() == texts


@given(damaged([FIXTURE.read_bytes()]))
def test_a_damaged_file_is_turns_or_an_error(data: bytes) -> None:
    turns_or_error(data, ".json")
