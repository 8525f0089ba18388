"""Encodings: known by a mark, UTF-8, or named; a wrong name is said and never mojibake."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from alliancekit.errors import DataError, ParameterError
from alliancekit.readers import read

if TYPE_CHECKING:
    from pathlib import Path

SAID = "Café “yes”"
TALK = f"role,text\npatient,{SAID}\n"


def write(folder: Path, content: bytes) -> Path:
    path = folder / "talk.csv"
    path.write_bytes(content)
    return path


def codes(path: Path, encoding: str | None) -> set[str]:
    return {problem.code for problem in read(path, encoding=encoding).problems}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_mark_is_enough(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, TALK.encode(encoding))
    assert read(path).turns["text"].to_list() == [SAID]
    assert read(path, encoding="cp1252").turns["text"].to_list() == [SAID]


def test_another_encoding_is_refused_until_it_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, TALK.encode("cp1252"))
    with pytest.raises(DataError, match=r"line 2 is not UTF-8 \(byte 21 of the file\).*--encoding cp1252"):
        read(path)
    assert read(path, encoding="cp1252").turns["text"].to_list() == [SAID]


def test_utf_8_is_not_read_as_something_else_and_it_is_said(tmp_path: Path) -> None:
    path = write(tmp_path, TALK.encode())
    assert read(path, encoding="cp1252").turns["text"].to_list() == [SAID]
    assert "encoding_is_utf8" in codes(path, "cp1252")
    assert "encoding_is_utf8" not in codes(path, None)
    assert "encoding_is_utf8" not in codes(write(tmp_path, b"role,text\npatient,Yes.\n"), "cp1252")


def test_bytes_that_the_named_encoding_lacks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="the file is not whole cp1252 text"):
        read(write(tmp_path, b"role,text\npatient,\x81 caf\xe9\n"), encoding="cp1252")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_asked_about(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path, TALK.encode(encoding))
    with pytest.raises(DataError, match="seems to be UTF-16 without a byte order mark"):
        read(path)
    assert read(path, encoding=encoding).turns["text"].to_list() == [SAID]


@pytest.mark.parametrize("name", ["cp125", "hex", "utf 8\0"])
def test_what_is_no_encoding_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(ParameterError, match="no encoding that Python knows"):
        read(tmp_path, encoding=name)


def test_a_line_over_the_limit_is_refused_unread(tmp_path: Path) -> None:
    path = write(tmp_path, b"role,text\npatient,Yes.\npatient," + b"x" * 70_000 + b"\npatient,No.\n")
    with pytest.raises(DataError, match="line 3 has more than 65536 bytes"):
        read(path, max_record_bytes=65_536)
    assert read(path, max_record_bytes=80_000).turns.height == 3


def test_a_field_over_the_limit_is_refused_with_its_row(tmp_path: Path) -> None:
    path = write(tmp_path, b'role,text\npatient,Yes.\npatient,"' + b"x" * 500 + b"\n" + b"x" * 600 + b'"\n')
    with pytest.raises(DataError, match="row 2 has more than 1024 bytes"):
        read(path, max_record_bytes=1024)
