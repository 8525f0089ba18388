"""SRT: numbered cues, speakers named at the beginning of their lines."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.damage import damaged, turns_or_error

from alliancekit.errors import DataError, RoleError
from alliancekit.readers import read, reader_for
from alliancekit.readers.head import Head

if TYPE_CHECKING:
    from alliancekit.readers import ReadResult

FIXTURE: Final = Path(__file__).parent / "data" / "talk.srt"
SEEDS: Final = [FIXTURE.read_bytes()]
FIRST: Final = "00:00:01,000 --> 00:00:02,000"
SECOND: Final = "00:00:03,000 --> 00:00:04,000"
ANNA_AND_BEN: Final = {"Anna": "therapist", "Ben": "patient"}


def of(folder: Path, content: str) -> ReadResult:
    path = folder / "talk.srt"
    path.write_text(content, encoding="utf-8")
    return read(path, roles=ANNA_AND_BEN)


def test_the_fixture_is_read() -> None:
    """As Subtitle Edit writes a diarized recording: two speakers in a cue, each on a line."""
    result = read(FIXTURE, roles=ANNA_AND_BEN)
    assert result.turns.select("session_id", "turn_index", "role", "text", "start_s", "end_s").rows() == [
        ("talk", 0, "therapist", "Good morning. How are you?", 1.0, 3.5),
        ("talk", 1, "patient", "Fine.", 4.0, 6.0),
        ("talk", 2, "therapist", "Really?", 4.0, 6.0),
        ("talk", 3, "patient", "No. Not at 10:30.", 6.2, 8.0),
    ]
    assert [problem.code for problem in result.problems] == ["session_id_from_file"]


def test_names_that_are_not_known_are_asked_for() -> None:
    with pytest.raises(RoleError, match="unknown role in 4 of 4 cues, first in cue 1"):
        read(FIXTURE)


def test_captions_without_names_say_that_there_are_none(tmp_path: Path) -> None:
    with pytest.raises(RoleError, match="empty in 2 of 2 cues"):
        of(tmp_path, "1\n00:00:01,000 --> 00:00:02,000\nYes.\n\n2\n00:00:03,000 --> 00:00:04,000\n>> No.\n")


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (f"1\n{FIRST}\nAnna: Yes.\n2\n{SECOND}\nBen: No.\n", ["Yes.", "No."]),
        (f"{FIRST}\nAnna: Yes.\n\n00:00:03.000-->00:00:04.000 X1:10 Y1:20\nBen: No.", ["Yes.", "No."]),
        (f"7\n{FIRST}\nAnna: Yes.\n\nAnd no.\n\n8\n{SECOND}\nBen: 3\n\n42\n", ["Yes. And no.", "3 42"]),
        (f"1\n{FIRST}\nAnna: {{\\an8}}<font color='#fff'>Yes</font>, <i>5 < 6 & 7\n</i>", ["Yes, 5 < 6 & 7"]),
    ],
)
def test_what_a_person_would_understand_is_read(tmp_path: Path, content: str, texts: list[str]) -> None:
    assert of(tmp_path, content).turns["text"].to_list() == texts


def test_a_broken_time_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="line 2 has an arrow"):
        of(tmp_path, "1\n00:00:01,000 -> 00:00:02,000\nAnna: Yes.\n")


@pytest.mark.parametrize("length", [1, 20, 31, 45, 80, 120])
def test_a_cut_file_gives_what_is_there_or_an_error(tmp_path: Path, length: int) -> None:
    whole = read(FIXTURE, roles=ANNA_AND_BEN).turns["text"].to_list()
    try:
        texts = of(tmp_path, FIXTURE.read_text(encoding="utf-8")[:length]).turns["text"].to_list()
    except DataError:
        return
    assert texts[:-1] == whole[: len(texts) - 1]


HARD: Final = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"], exclude_characters="<>&{}"), min_size=1
)
TIME: Final = st.integers(0, 359_999_999)


@given(st.lists(st.tuples(st.sampled_from(["Anna", "Ben"]), HARD, TIME, TIME), min_size=1))
def test_what_is_written_comes_back(turns: list[tuple[str, str, int, int]]) -> None:
    content = ""
    for number, (name, said, *times) in enumerate(turns, start=1):
        clocks = (f"{t // 3_600_000:02}:{t // 60_000 % 60:02}:{t // 1000 % 60:02},{t % 1000:03}" for t in times)
        content += f"{number}\n{' --> '.join(clocks)}\n{name}: {said}\n\n"
    with tempfile.TemporaryDirectory() as folder:
        result = of(Path(folder), content)
    assert result.turns.select("role", "text", "start_s", "end_s").rows() == [
        (ANNA_AND_BEN[name], said, start / 1000, end / 1000) for name, said, start, end in turns
    ]


def test_batches_of_one_row_give_the_same() -> None:
    one = read(FIXTURE, roles=ANNA_AND_BEN, batch_rows=1)
    assert one.turns.equals(read(FIXTURE, roles=ANNA_AND_BEN).turns)


def test_the_content_decides(tmp_path: Path) -> None:
    known = reader_for(FIXTURE)
    assert known.name == "SRT"
    assert not known.sniff(Head(tmp_path / "a.srt", b"1\nAnna: Yes. --> No.\n"))


@given(damaged(SEEDS))
def test_any_bytes_are_turns_or_a_data_error(data: bytes) -> None:
    turns_or_error(data, ".srt")
