"""WhatsApp's export: iPhones and Android, messages of several lines, what was not said."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.damage import damaged, turns_or_error

from alliancekit.errors import DataError, RoleError
from alliancekit.readers import read, reader_for
from alliancekit.readers.registry import recognise

DATA: Final = Path(__file__).parent / "data"
IPHONE, ANDROID = DATA / "whatsapp_iphone.txt", DATA / "whatsapp_android.txt"
ROLES: Final = {"Dr Anna Smith": "therapist", "Ben": "patient"}


def test_an_iphones_export_is_read() -> None:
    assert reader_for(IPHONE).key == "whatsapp"
    result = read(IPHONE, roles=ROLES)
    assert result.turns.select("role", "text", "timestamp").rows() == [
        ("therapist", "Good morning.\nHow are you: better?", "01.03.24, 10:02:40"),
        ("patient", "A bit.", "01.03.24, 10:05:02"),
        ("patient", "That is my garden.", "01.03.24, 10:06:00"),
    ]
    counts = {problem.code: (problem.row, problem.message.split(" ")[0]) for problem in result.problems}
    assert (counts["media"], counts["edited"]) == ((1, "2"), (4, "1"))


def test_androids_export_is_read_without_a_flag() -> None:
    result = read(ANDROID)
    assert result.turns.select("role", "text").rows() == [
        ("therapist", "Good morning."),
        ("patient", "Hello.\nI slept."),
        ("therapist", "And today?"),
    ]
    counts = {problem.code: (problem.row, problem.message.split(" ")[0]) for problem in result.problems}
    assert (counts["notice"], counts["media"]) == ((1, "1"), (5, "3"))


def test_names_are_asked_for() -> None:
    with pytest.raises(RoleError, match="unknown role"):
        read(IPHONE)


def test_lines_before_the_first_message_are_said(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("Exported by me\n3/1/24, 21:15 - Client: Hello.\n")
    problems = read(tmp_path / "talk.txt", format="whatsapp").problems
    assert next((problem.code, problem.severity) for problem in problems) == ("before_first", "warning")


@pytest.mark.parametrize("begun", ["", "[00:01:02] ", "10:02 - ", "1/2/24 "])
def test_other_texts_are_not_taken_for_it(tmp_path: Path, begun: str) -> None:
    (tmp_path / "talk.txt").write_text(f"{begun}Client: Yes.\n{begun}Therapist: No.\n")
    found = recognise(tmp_path / "talk.txt")
    assert found is None or found.key == "plain-text"


def test_a_message_of_many_lines_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "talk.txt").write_text("3/1/24, 21:15 - Client: Hello.\n" + "so\n" * 30_000)
    with pytest.raises(DataError, match="message in line 1 has more than 65536 bytes"):
        read(tmp_path / "talk.txt", max_record_bytes=65_536)


WORDS: Final = st.text(st.characters(categories=["L", "Nd"]), min_size=1, max_size=8)
SAID: Final = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)


@given(messages=st.lists(st.tuples(st.sampled_from(list(ROLES)), st.lists(SAID, min_size=1, max_size=3)), min_size=1))
@pytest.mark.parametrize("style", ["[01/03/2024, 9:0{n}:11 pm] {name}: {said}", "2024-03-01, 21:0{n} - {name}: {said}"])
def test_what_is_written_is_read(style: str, messages: list[tuple[str, list[str]]]) -> None:
    written = [
        style.format(n=n % 10, name=name, said="\n".join(lines)) + "\n" for n, (name, lines) in enumerate(messages)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "talk.txt")
        path.write_text("".join(written), encoding="utf-8")
        turns = read(path, roles=ROLES).turns
    assert turns.select("role", "text").rows() == [(ROLES[name], "\n".join(lines)) for name, lines in messages]


@given(damaged([IPHONE.read_bytes(), ANDROID.read_bytes()]))
def test_a_damaged_file_is_turns_or_an_error(data: bytes) -> None:
    turns_or_error(data, ".txt")
