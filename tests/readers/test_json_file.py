"""JSON arrays element by element: the same as the standard library gives at once, in little memory."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import DataError
from alliancekit.readers import ReadOptions, json_file
from alliancekit.readers.json_file import elements
from alliancekit.readers.text_file import text_file

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner),
    max_leaves=8,
)
SMALL = ReadOptions(max_record_bytes=1024)


def values(path: Path, options: ReadOptions = SMALL) -> list[object]:
    return [value for _, value in elements(text_file(path, options), options)]


@given(array=st.lists(VALUES), indent=st.sampled_from([None, 1]), ascii_only=st.booleans(), block=st.integers(1, 40))
def test_an_array_comes_back_whatever_the_blocks(
    array: list[object], indent: int | None, block: int, *, ascii_only: bool
) -> None:
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as folder:
        patch.setattr(json_file, "BLOCK", block)
        path = Path(folder, "t.json")
        path.write_text(" \n" + json.dumps(array, indent=indent, ensure_ascii=ascii_only) + "\n", encoding="utf-8")
        assert values(path, ReadOptions()) == array


@pytest.mark.parametrize("name", ["t.json", "t.jsonl"])
def test_a_record_over_the_limit_is_refused_with_its_number(tmp_path: Path, name: str) -> None:
    long = "x" * 1030
    content = f'["a", "{long}"]' if name == "t.json" else f'"a"\n"{long}"\n'
    (tmp_path / name).write_text(content)
    with pytest.raises(DataError, match=r"(element|line) 2 has more than 1024 bytes"):
        values(tmp_path / name)
    assert values(tmp_path / name, ReadOptions(max_record_bytes=2048)) == ["a", long]


def test_broken_json_in_a_long_file_is_not_taken_for_a_long_record(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text("[" + ",".join(['"a"', '{"a": "b" "c"}', *['"x"'] * 1000]) + "]")
    with pytest.raises(DataError, match="element 2 is not valid JSON: Expecting ',' delimiter at column 11"):
        values(tmp_path / "t.json")


def test_the_limit_is_of_bytes(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps(["é" * 600], ensure_ascii=False), encoding="utf-8")
    with pytest.raises(DataError, match="element 1 has more than 1024 bytes"):
        values(tmp_path / "t.json")


def test_a_document_over_the_limit_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text(json.dumps({"a": "x" * 1024}))
    with pytest.raises(DataError, match="document 1 has more than 1024 bytes"):
        values(tmp_path / "t.json")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('["a" "b"]', "no comma follows element 1"),
        ('["a", "b"', "the file ends before its array does"),
        ('["a", ', "element 2 is not valid JSON"),
        ('["a", "b', "element 2 is not valid JSON: Unterminated string"),
        ('["a",, "b"]', "element 2 is not valid JSON"),
        ('["a"] "b"', "something follows the array's end"),
        ("[" * 100_000, "element 1 "),
        ("[NaN]", "element 1 is not valid JSON"),
        ('{"a": 1} {', "the file is not valid JSON: Extra data at column 10"),
        ('{"a": ', "the file is not valid JSON"),
    ],
)
def test_a_broken_file_is_refused_with_its_place(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "t.json"
    path.write_text(content)
    with pytest.raises(DataError) as raised:
        values(path, ReadOptions())
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)
