"""JSON arrays of turns, as pandas' `to_json(orient="records")`, Polars' `write_json` and R's jsonlite write them."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import AllianceError, ColumnError, DataError, RoleError
from alliancekit.readers import ReadOptions, batches, read, reader_for

TURN: Final = {"session_id": "007", "turn_index": 0, "role": "Client", "text": "Yes."}
TEXTS: Final = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1, max_size=5)


def written(folder: Path, value: object, *, indent: int | None = None) -> Path:
    path = folder / "talk.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value, indent=indent), encoding="utf-8")
    return path


@pytest.mark.parametrize("indent", [None, 2])
def test_values_keep_their_kinds(tmp_path: Path, indent: int | None) -> None:
    second = {**TURN, "turn_index": 1, "mood": 2.5, "tags": ["a"], "mixed": "x", "big": 1}
    path = written(tmp_path, [{**TURN, "mood": 1, "sure": True, "mixed": 1, "big": 2**70}, second], indent=indent)
    result = read(path)
    assert result.turns.rows(named=True) == [
        {**TURN, "role": "patient", "mood": 1.0, "sure": True, "mixed": "1", "big": str(2**70), "tags": None},
        {**second, "role": "patient", "sure": None, "tags": '["a"]', "big": "1"},
    ]
    assert result.problems == ()


def test_an_integer_session_id_stays_one(tmp_path: Path) -> None:
    assert read(written(tmp_path, [{**TURN, "session_id": 7}])).turns.schema["session_id"] == pl.Int64


def test_a_preset_holds_here_too(tmp_path: Path) -> None:
    turn = {"transcript_id": 0, "mi_quality": "high", "utterance_id": 3, "interlocutor": "client"}
    turns = read(written(tmp_path, [{**turn, "timestamp": "00:01:02", "utterance_text": "Fine."}])).turns
    assert turns.select("session_id", "turn_index", "role", "text", "start_s").rows() == [
        (0, 3, "patient", "Fine.", 62.0)
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([TURN, "Yes."], "element 2 holds a JSON string, not an object"),
        ([TURN, {**TURN, "text": ["Yes."]}], "element 2, 'text' holds a JSON array, not a string"),
        ([TURN, {**TURN, "text": "a\ud83d"}], "element 2 has half of a surrogate pair"),
        (json.dumps([TURN])[:-1], "the file ends before its array does"),
        (json.dumps([TURN, TURN])[:-9], "element 2 is not valid JSON"),
        (json.dumps([TURN]).replace("0", "NaN"), "not valid JSON"),
        (json.dumps([TURN]) + "x", "something follows the array's end"),
        ([{**TURN, "x": "a" * 70_000}], "element 1 has more than 65536 bytes"),
        ([], "no turn was found"),
        ([{}], "no turn was found"),
        ("", "the file is empty"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(tmp_path: Path, value: object, said: str) -> None:
    path = written(tmp_path, value)
    with pytest.raises(DataError) as raised:
        read(path, format="json-records", max_record_bytes=65_536)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)


def test_a_turn_without_a_speaker_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RoleError, match="empty in 1 of 2 elements, first in element 2"):
        read(written(tmp_path, [TURN, {**TURN, "turn_index": 1, "role": None}]))


def test_a_table_without_known_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ColumnError):
        read(written(tmp_path, [{"a": "x", "b": "y"}]))


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ([TURN], True),
        ([{"who": "Client", "said": "Yes."}], True),
        ([{"dialog": [{"speaker": "seeker", "content": "Yes."}]}], False),
        ([{"id": "a", "conversations": [{"from": "human", "value": "Yes."}]}], False),
        ({"segments": [{"start": 0, "text": "Yes."}]}, False),
        ({"a": 1}, False),
        ([1, 2], False),
        ([{"x": 1, "y": 2}], False),
        ([], False),
        ("[" * 100_000, False),
        ("no JSON", False),
    ],
)
def test_only_plain_objects_are_recognised(tmp_path: Path, value: object, *, known: bool) -> None:
    path = written(tmp_path, value)
    try:
        found = reader_for(path).key
    except DataError:
        found = "none"
    assert (found == "json-records") is known


@given(texts=TEXTS)
def test_what_is_written_comes_back(texts: list[str]) -> None:
    turns = [{**TURN, "role": "patient", "turn_index": index, "text": said} for index, said in enumerate(texts)]
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), turns)
        assert read(path).turns.rows(named=True) == turns
        parts = list(batches(path, ReadOptions(batch_rows=1)))
        assert pl.concat([part.turns for part in parts]).rows(named=True) == turns
        pl.DataFrame(turns).write_json(path)
        assert read(path).turns.rows(named=True) == turns


SEEDS: Final = [json.dumps([TURN, {**TURN, "turn_index": 1, "mood": 1.5, "tags": ["a", {"b": None}]}]).encode()]
SUFFIX: Final = ".json"


@given(at=st.integers(0, len(SEEDS[0])), cut=st.integers(0, 40), put=st.binary(max_size=20))
def test_any_bytes_are_turns_or_an_error_of_ours(at: int, cut: int, put: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "talk.json")
        path.write_bytes(SEEDS[0][:at] + put + SEEDS[0][at + cut :])
        try:
            assert read(path, format="json-records").turns.height
        except AllianceError as error:
            assert str(path) in str(error)  # noqa: PT017 - some mutations are still turns
