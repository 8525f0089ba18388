"""Praat TextGrid: an interval with a text is a turn, tiers put together by time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rustling.textgrid import IntervalTier, TextGrid
from tests.support.damage import damaged, turns_or_error

from alliancekit.errors import DataError, RoleError
from alliancekit.readers import read, reader_for
from alliancekit.readers.head import Head

if TYPE_CHECKING:
    from alliancekit.readers import ReadResult

FIXTURE: Final = Path(__file__).parent / "data" / "talk.TextGrid"
LONG: Final = FIXTURE.read_text(encoding="utf-8")
SHORT: Final = """File type = "ooTextFile"
Object class = "TextGrid"

0
2
<exists>
2
"IntervalTier"
"Therapist"
0
2
1
0
2
"Yes? ! no comment"
"IntervalTier"
"Client"
0
2
2
0
1
""
1
2
"No ""3"".
Never."
"""
SEEDS: Final = [LONG.encode(), SHORT.encode()]


def written(folder: Path, content: str, encoding: str = "utf-8") -> Path:
    path = folder / "talk.TextGrid"
    path.write_text(content, encoding=encoding)
    return path


def codes(result: ReadResult) -> list[str]:
    return [problem.code for problem in result.problems if problem.code not in ("session_id_from_file", "non_speech")]


def test_the_long_format_is_read_without_a_flag() -> None:
    """As Praat saves it, a point tier and a text of two lines included."""
    result = read(FIXTURE)
    assert result.turns.select("session_id", "turn_index", "role", "text", "start_s", "end_s").rows() == [
        ("talk", 0, "therapist", 'He said "hi" = 5?', 0.0, 1.5),
        ("talk", 1, "patient", "Yes. [laughs] He did.", 1.25, 5.5),
        ("talk", 2, "therapist", "xmin = 3", 4.25, 5.5),
    ]
    assert codes(result) == ["point_left_out"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_the_short_format_is_read_without_a_flag(tmp_path: Path, encoding: str) -> None:
    """Praat writes UTF-16 where a text is not ASCII."""
    result = read(written(tmp_path, SHORT.replace("Never", "Né"), encoding))
    assert result.turns.select("role", "text", "start_s", "end_s").rows() == [
        ("therapist", "Yes? ! no comment", 0.0, 2.0),
        ("patient", 'No "3". Né.', 1.0, 2.0),
    ]
    assert codes(result) == []


def test_rustling_finds_the_same_intervals() -> None:
    """Texts of one line only, which are all that it reads."""
    content = LONG.replace("Yes.\n[laughs]", "Yes. [laughs]")
    tiers = TextGrid.from_strs([content], parallel=False).tiers()[0]
    found = [
        (one.text, one.xmin, one.xmax)
        for tier in tiers
        if isinstance(tier, IntervalTier)
        for one in tier.intervals
        if one.text.strip()
    ]
    assert sorted(found) == sorted(read(FIXTURE).turns.select("text", "start_s", "end_s").rows())


def test_a_tier_that_is_no_speaker_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, LONG.replace('"Client"', '"words"'))
    with pytest.raises(RoleError, match="unknown role in 1 of 3 intervals, first in interval 5"):
        read(path)
    assert read(path, leave_out=["words"]).turns.height == 2


def test_a_tier_without_a_name_has_no_speaker(tmp_path: Path) -> None:
    with pytest.raises(RoleError, match="empty in 1 of 3 intervals, first in interval 5"):
        read(written(tmp_path, LONG.replace('"Client"', '""')))


def test_times_that_go_back_are_kept_and_said(tmp_path: Path) -> None:
    result = read(written(tmp_path, SHORT.replace('1\n2\n"No', '2\n1\n"No')))
    assert codes(result) == ["times_reversed"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"hi"" = 5?"', '"hi"" = 5?', "where a text in double quotes is expected"),
        ("xmax = 1.5", "xmax = zebrafinch", "where a number is expected"),
        ("xmax = 1.5", "xmax = 1.5zebrafinch", "where a number is expected"),
        ("intervals: size = 3", "intervals: size = 4", "where a number is expected"),
        ("intervals: size = 3", "intervals: size = 2", "where a text in double quotes is expected"),
        ("intervals: size = 2", "intervals: size = 1", "more follows the last tier than its sizes say"),
        ("intervals: size = 2", "intervals: size = 99999999999", "the file ends where a number is expected"),
        ("intervals: size = 2", "intervals: size = -1", "where a count is expected"),
        ("size = 3 \nitem", "size = 4 \nitem", "the file ends where a text"),
        ("IntervalTier", "zebrafinchTier that is long, and more", "tier 1 is neither an IntervalTier nor a TextTier"),
        ("TextGrid", "Pitch 1", "of another kind than TextGrid"),
        ("ooTextFile", "Praat chronological TextGrid text file", "of another kind than TextGrid"),
        ("<exists>", "<absent>", "more follows"),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(tmp_path: Path, old: str, new: str, said: str) -> None:
    path = written(tmp_path, LONG.replace(old, new, 1))
    with pytest.raises(DataError) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)
    assert "zebrafinch" not in str(raised.value)


@pytest.mark.parametrize("length", [0, 1, 60, 150, 300, 480, 700, 1000])
def test_a_cut_file_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(DataError):
        read(written(tmp_path, LONG[:length]))


def test_a_file_without_a_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no turn was found"):
        read(written(tmp_path, 'File type = "ooTextFile"\n"TextGrid"\n0\n1\n<absent>\n'))


def test_a_document_over_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has more than 65536 bytes"):
        read(written(tmp_path, LONG + " " * 65_536), max_record_bytes=65_536)


HARD: Final = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).filter(
    lambda text: text.strip() != ""
)
TIME: Final = st.floats(0, 1e6)
SPOKEN: Final = st.lists(st.tuples(HARD, TIME, TIME), min_size=1)


@given(therapist=SPOKEN, patient=SPOKEN, long=st.booleans())
def test_what_is_written_comes_back(
    therapist: list[tuple[str, float, float]], patient: list[tuple[str, float, float]], *, long: bool
) -> None:
    marks = ("xmin = ", "xmax = ", "text = ") if long else ("", "", "")
    content = 'File type = "ooTextFile"\nObject class = "TextGrid"\n\n0\n1000000\n<exists>\n2\n'
    spoken = []
    for name, turns in (("Therapist", therapist), ("Client", patient)):
        content += f'"IntervalTier"\n"{name}"\n0\n1000000\n{len(turns)}\n'
        for text, start, end in turns:
            quoted = '"' + text.replace('"', '""') + '"'
            for mark, value in zip(marks, (start, end, quoted), strict=True):
                content += f"{mark}{value}\n"
            spoken.append(("patient" if name == "Client" else "therapist", text.strip(), start, end))
    with tempfile.TemporaryDirectory() as folder:
        turns_read = read(written(Path(folder), content)).turns
    assert turns_read.select("role", "text", "start_s", "end_s").rows() == sorted(spoken, key=lambda one: one[2:])


def test_batches_of_one_row_give_the_same() -> None:
    assert read(FIXTURE, batch_rows=1).turns.equals(read(FIXTURE).turns)


def test_the_content_decides(tmp_path: Path) -> None:
    known = reader_for(FIXTURE)
    assert known.name == "TextGrid"
    assert known.sniff(Head(tmp_path / "a.TextGrid", SHORT.encode("utf-16")))
    assert not known.sniff(Head(tmp_path / "a.TextGrid", b'File type = "ooTextFile"\nObject class = "Pitch 1"\n'))


@given(damaged(SEEDS))
def test_any_bytes_are_turns_or_a_data_error(data: bytes) -> None:
    turns_or_error(data, ".TextGrid")
