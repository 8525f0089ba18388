"""JSON lines: what is read as it stands, and what is refused with which line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from alliancekit.errors import DataError
from alliancekit.readers import read

if TYPE_CHECKING:
    from pathlib import Path

TURN = {"session_id": "007", "turn_index": 0, "role": "patient", "text": "Yes."}


def write(folder: Path, *lines: str | bytes | dict[str, object], name: str = "talk.jsonl") -> Path:
    parts = [json.dumps(line) if isinstance(line, dict) else line for line in lines]
    path = folder / name
    path.write_bytes(b"".join((part if isinstance(part, bytes) else part.encode()) + b"\n" for part in parts))
    return path


def test_values_keep_their_types(tmp_path: Path) -> None:
    turns = read(write(tmp_path, {**TURN, "mood": 1.5, "tags": ["a"]}, {**TURN, "turn_index": 1})).turns
    assert turns.rows() == [("007", 0, "patient", "Yes.", 1.5, ["a"]), ("007", 1, "patient", "Yes.", None, None)]


def test_an_integer_session_id_stays_one(tmp_path: Path) -> None:
    assert read(write(tmp_path, {**TURN, "session_id": 7})).turns.schema["session_id"] == pl.Int64


def test_a_key_that_comes_late_is_read(tmp_path: Path) -> None:
    lines = [{**TURN, "turn_index": n} for n in range(3000)]
    assert read(write(tmp_path, *lines, {**TURN, "turn_index": 3000, "late": "x"})).turns["late"][-1] == "x"


def test_a_byte_order_mark_and_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = write(tmp_path, "\ufeff" + json.dumps(TURN), "", "  ", {**TURN, "turn_index": 1})
    assert read(path).turns["turn_index"].to_list() == [0, 1]


def test_a_name_like_a_pattern_reads_that_file_only(tmp_path: Path) -> None:
    write(tmp_path, TURN, name="talk1.jsonl")
    path = write(tmp_path, {**TURN, "text": "No."}, name="talk[1].jsonl")
    assert read(path).turns["text"].to_list() == ["No."]


def test_escapes_are_read(tmp_path: Path) -> None:
    path = write(tmp_path, r'{"session_id": "s", "turn_index": 0, "role": "patient", "text": "\ud83d\ude00\u0000\n"}')
    assert read(path).turns["text"].to_list() == ["\N{GRINNING FACE}\0\n"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"session_id": "s", "text": "cut', "line 2 is not valid JSON: Invalid control character at column 33"),
        ('{"a": 1}{"a": 2}', "line 2 is not valid JSON: Extra data at column 9"),
        ('{"a": NaN}', "line 2 is not valid JSON"),
        ('"a string"', "line 2 holds a JSON string"),
        ("[1, 2]", "line 2 holds a JSON array"),
        ("null", "line 2 holds a JSON null"),
        ("[" * 100_000, "line 2 is nested too deeply"),
        (b'{"text": "caf\xe9"}', "line 2 is not UTF-8"),
        ({**TURN, "text": {"content": "Yes."}}, "line 2: 'text' holds a JSON object, not a string"),
        ({**TURN, "text": "\ud83d"}, "line 2 has half of a surrogate pair"),
        ({**TURN, "text": "a\udc00b"}, "line 2 has half of a surrogate pair"),
        ({**TURN, "text": 3, "turn_index": "x"}, "the column 'turn_index' holds String"),
        ({**TURN, "role": {"name": "patient"}}, "unknown role"),
    ],
)
def test_a_malformed_line_is_refused_with_its_number(
    tmp_path: Path, line: str | bytes | dict[str, object], said: str
) -> None:
    path = write(tmp_path, TURN, line)
    with pytest.raises(DataError) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)


def test_kinds_that_fit_no_column_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, {**TURN, "mood": 1}, {**TURN, "turn_index": 1, "mood": {"level": 1}})
    with pytest.raises(DataError, match="of kinds that do not fit one column"):
        read(path)


def test_texts_that_are_numbers_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the column 'text' holds Int64"):
        read(write(tmp_path, {**TURN, "text": 3}))


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the file is empty"):
        read(write(tmp_path, ""))
