"""ConvoKit: a corpus folder as `Corpus.dump` writes it, in its present and its older form."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import AllianceError, DataError, RoleError
from alliancekit.readers import ReadOptions, batches, expand, read, reader_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FIXTURE: Final = Path(__file__).parent / "data" / "convokit"
TEXTS: Final = st.text(st.characters(exclude_categories=["Cs"]))


def line(number: int, speaker: str | None = "patient", **other: object) -> dict[str, Any]:
    before = None if number == 0 else f"u{number - 1}"
    utterance = {"id": f"u{number}", "speaker": speaker, "conversation_id": "c", "reply_to": before, "timestamp": None}
    return {**utterance, "text": f"Text {number}.", "meta": {}, **other}


def written(
    folder: Path,
    utterances: Sequence[object],
    conversations: object = None,
    speakers: Mapping[str, object] | None = None,
) -> Path:
    path = folder / "corpus"
    path.mkdir(exist_ok=True)
    text = "".join(value if isinstance(value, str) else json.dumps(value) + "\n" for value in utterances)
    (path / "utterances.jsonl").write_text(text, encoding="utf-8")
    sides = {"conversations": {"c": {"meta": {}, "vectors": []}} if conversations is None else conversations}
    for name, value in {**sides, "speakers": speakers or {}}.items():
        (path / f"{name}.json").write_text(json.dumps(value), encoding="utf-8")
    return path


def test_the_fixture_is_read_without_a_flag() -> None:
    result = read(FIXTURE)
    assert result.turns.select("session_id", "turn_index", "role", "text", "timestamp").rows() == [
        ("u0", 0, "therapist", "Hello. What brings you here?", 12.5),
        ("u0", 1, "patient", "I can't sleep.", 15.0),
        ("u3", 0, "therapist", "Good to see you again.", None),
        ("u3", 1, "therapist", "When is it worst?", None),
        ("u3", 2, "patient", "At night, mostly.\nAnd at work.", None),
    ]
    assert result.turns.select("condition", "rating", "conversation.text", "patient_id", "therapist_id").rows() == [
        *[("insomnia", 4.0, "first", "p1", "t1")] * 2,
        *[("anxiety", 5.5, "second", "p2", "t1")] * 3,
    ]
    assert result.turns.select("meta.act", "meta.parsed").rows()[:2] == [("question", None), ("answer", None)]
    assert [(problem.code, problem.severity) for problem in result.problems] == [
        ("turns_put_in_order", "note"),
        ("conversation_without_turns", "warning"),
        ("speaker_left_out", "note"),
    ]
    assert "observer" in result.problems[-1].message


def test_rows_are_lines_of_the_file() -> None:
    assert [row for part in batches(FIXTURE) for row in part.rows] == [1, 2, 3, 5, 4]


def test_the_folder_is_one_corpus() -> None:
    assert reader_for(FIXTURE).key == "convokit"
    assert expand([FIXTURE.parent / "convokit"]).files == (FIXTURE,)


def test_a_folder_with_utterances_only_is_none(tmp_path: Path) -> None:
    path = written(tmp_path, [line(0)])
    (path / "conversations.json").unlink()
    with pytest.raises(DataError, match="not one that is a corpus as a whole"):
        reader_for(path)


def test_the_older_form_is_read(tmp_path: Path) -> None:
    old = {"id": "a", "user": "Client", "root": "a", "reply-to": None, "timestamp": "3", "text": "Yes."}
    path = written(tmp_path, [old], {"a": {"topic": "sleep"}})
    (path / "speakers.json").rename(path / "users.json")
    assert read(path).turns.row(0, named=True) == {
        "session_id": "a",
        "turn_index": 0,
        "role": "patient",
        "text": "Yes.",
        "timestamp": 3.0,
        "topic": "sleep",
    }


def test_a_role_that_means_nothing_is_no_name(tmp_path: Path) -> None:
    speakers = {"ann": {"meta": {"role": "member"}}, "ben": {"meta": {"role": "guide"}}}
    path = written(tmp_path, [line(0, "ann"), line(1, "ben")], speakers=speakers)
    turns = read(path, roles={"ann": "patient", "guide": "therapist"}).turns
    assert turns.select("role", "therapist_id").rows() == [("patient", "ben"), ("therapist", "ben")]


def test_turns_are_put_in_the_order_of_their_times(tmp_path: Path) -> None:
    path = written(tmp_path, [line(0, timestamp=9), line(1, timestamp=7), line(2, timestamp=8)])
    assert read(path).turns["text"].to_list() == ["Text 1.", "Text 2.", "Text 0."]


@pytest.mark.parametrize("replies", [("u9", "u1"), ("u0", "u0"), (None, "u1")])
def test_replies_that_are_no_chain_leave_the_order_of_the_file(tmp_path: Path, replies: tuple[str, str]) -> None:
    path = written(tmp_path, [line(0), line(2, reply_to=replies[0]), line(1, reply_to=replies[1])])
    assert read(path).turns["text"].to_list() == ["Text 0.", "Text 2.", "Text 1."]


def test_conversations_without_labels_are_warned_about(tmp_path: Path) -> None:
    found = read(written(tmp_path, [line(0)], {})).problems
    assert [(problem.code, problem.severity) for problem in found] == [("conversation_without_labels", "warning")]


def test_labels_of_several_kinds(tmp_path: Path) -> None:
    utterances = [line(0, meta={"a": 1, "b": True, "c": ["x"]}), line(1, meta={"a": 2.5, "c": "y"})]
    turns = read(written(tmp_path, utterances)).turns
    assert turns.select("meta.a", "meta.b", "meta.c").rows() == [(1.0, True, '["x"]'), (2.5, None, "y")]


def test_pieces_of_any_size_give_the_same() -> None:
    parts = list(batches(FIXTURE, ReadOptions(batch_rows=1)))
    assert [part.turns.row(0) for part in parts if part.turns.height] == read(FIXTURE).turns.rows()


@given(texts=st.lists(TEXTS, min_size=1, max_size=5))
def test_what_is_written_comes_back(texts: list[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), [line(number, text=said) for number, said in enumerate(texts)])
        assert read(path).turns["text"].to_list() == texts


@pytest.mark.parametrize(
    ("utterances", "said"),
    [
        ([line(0), '{"id": "u1", "te\n'], "line 2 is not valid JSON"),
        ([line(0), "[]\n"], "line 2 holds a JSON array, not an object"),
        ([line(0), line(1, text=["a"])], "line 2, 'text' holds a JSON array"),
        ([line(0), line(1, meta="a")], "line 2, 'meta' holds a JSON string"),
        ([line(0), line(1, conversation_id=None)], "line 2 has no conversation_id"),
        ([line(0), line(1, conversation_id=1.5)], "line 2, 'conversation_id' holds a JSON number, not an id"),
        ([line(0), line(0)], "line 2 has the id of a line before"),
        ([line(0, meta={str(number): 1 for number in range(3000)})], "more than 2000 different keys"),
        (["\n"], "the file is empty"),
    ],
)
def test_a_malformed_utterance_is_refused_with_its_line(tmp_path: Path, utterances: list[object], said: str) -> None:
    path = written(tmp_path, utterances)
    with pytest.raises(DataError, match=said) as raised:
        read(path)
    assert str(raised.value).startswith(str(path / "utterances.jsonl"))


@pytest.mark.parametrize(
    ("conversations", "said"),
    [([], "the file holds a JSON array"), ({"c": 1}, "entry 1 holds a JSON number"), ({"c": {"meta": 1}}, "'meta'")],
)
def test_malformed_labels_are_refused(tmp_path: Path, conversations: object, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(written(tmp_path, [line(0)], conversations))


def test_an_utterance_without_a_speaker_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, [line(0), line(1, None)])
    with pytest.raises(RoleError, match="empty in 1 of 2 lines, first in line 2"):
        read(path)
    assert read(path, unnamed="previous").turns.height == 2


def test_an_utterance_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, [line(0), line(1, text="a" * 70_000)])
    with pytest.raises(DataError, match="line 2 has more than 65536 bytes"):
        read(path, max_record_bytes=65_536)


def test_utterances_alone_are_read_as_a_table(tmp_path: Path) -> None:
    path = written(tmp_path, [line(0), line(1, "therapist")]) / "utterances.jsonl"
    result = read(path)
    assert result.turns.select("session_id", "turn_index", "role").rows() == [
        ("c", 0, "patient"),
        ("c", 1, "therapist"),
    ]
    assert "ConvoKit" in result.problems[0].message


SEED: Final = (FIXTURE / "utterances.jsonl").read_bytes()


@given(at=st.integers(0, len(SEED)), cut=st.integers(0, 40), put=st.binary(max_size=20))
def test_any_bytes_are_turns_or_an_error_of_ours(at: int, cut: int, put: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), [], json.loads((FIXTURE / "conversations.json").read_text()))
        (path / "utterances.jsonl").write_bytes(SEED[:at] + put + SEED[at + cut :])
        try:
            assert read(path, roles={"t1": "therapist"}, leave_out=["o1"], unnamed="leave-out").turns.height
        except AllianceError as error:
            assert str(path) in str(error)  # noqa: PT017 - some mutations are still turns


@pytest.mark.parametrize("broken", [[line(0, text=["zebrafinch"])], ['{"text": "zebrafinch'], [line(0, "zebrafinch!")]])
def test_no_error_quotes_a_text(tmp_path: Path, broken: list[object]) -> None:
    with pytest.raises(AllianceError) as raised:
        read(written(tmp_path, broken))
    assert "zebrafinch" not in str(raised.value)
