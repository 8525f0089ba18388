"""WebVTT: a cue is a turn, its speaker named by a voice tag or at the beginning of its lines."""

from __future__ import annotations

import html
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
import webvtt
from hypothesis import given
from hypothesis import strategies as st
from tests.support.damage import damaged, turns_or_error

from alliancekit.errors import DataError, RoleError
from alliancekit.readers import read, reader_for
from alliancekit.readers.head import Head
from alliancekit.readers.options import ReadOptions
from alliancekit.readers.speech.caption_names import Names

if TYPE_CHECKING:
    from alliancekit.readers import ReadResult

DATA: Final = Path(__file__).parent / "data"
SEEDS: Final = [(DATA / "zoom.vtt").read_bytes(), (DATA / "teams.vtt").read_bytes()]
ANNA_AND_BEN: Final = {"Anna": "therapist", "Ben": "patient"}
CUE: Final = "00:01.000 --> 00:02.000\n<v Anna>Yes.\n"
SPACED: Final = "WEBVTT\n\n1\n\n0:01.5 --> 0:02,50\n\n<v Anna>Yes.\n\n2\n\n0:03.5-->0:04.5\n\n<v Ben>No."
NAMED: Final = "WEBVTT\n\n00:01.000 --> 00:02.000\nAnna: Yes.\n\n00:02.000 --> 00:03.000\n"


def written(folder: Path, content: str) -> Path:
    path = folder / "talk.vtt"
    path.write_text(content, encoding="utf-8")
    return path


def of(folder: Path, content: str) -> ReadResult:
    return read(written(folder, content), roles=ANNA_AND_BEN, unnamed="leave-out")


def codes(result: ReadResult) -> list[str]:
    return [problem.code for problem in result.problems if problem.code not in ("session_id_from_file", "non_speech")]


def test_zooms_captions_are_read_without_a_flag() -> None:
    result = read(DATA / "zoom.vtt")
    assert result.turns.select("session_id", "turn_index", "role", "text", "start_s", "end_s").rows() == [
        ("zoom", 0, "therapist", "Good morning. How was your week?", 3.12, 5.48),
        ("zoom", 1, "patient", "It was fine, I guess. [sighs]", 6.01, 9.9),
        ("zoom", 2, "patient", "The thing is: I couldn't sleep.", 9.9, 12.25),
        ("zoom", 3, "therapist", "What kept you awake?", 60.0, 62.5),
    ]
    assert codes(result) == []


def test_teams_captions_are_read_without_a_flag() -> None:
    """Teams writes a voice a cue; the format allows several, nested style, and entities."""
    result = read(DATA / "teams.vtt")
    assert result.turns.select("turn_index", "role", "text", "start_s", "end_s").rows() == [
        (0, "therapist", "Good morning. How was your week?", 3.12, 5.48),
        (1, "patient", "Fine, Tom & I rowed.", 6.01, 9.9),
        (2, "therapist", "Mhm.", 6.01, 9.9),
        (3, "patient", "It's over. <cries>", 9.9, 12.25),
    ]
    assert codes(result) == ["comment"]


def test_a_cue_that_names_no_one_is_refused_left_out_or_given_to_the_speaker_before(tmp_path: Path) -> None:
    path = written(tmp_path, f"WEBVTT\n\n{CUE}\n00:03.000 --> 00:04.000\nAnd so on.\n")
    with pytest.raises(RoleError, match="empty in 1 of 2 cues, first in cue 2"):
        read(path, roles=ANNA_AND_BEN)
    assert read(path, roles=ANNA_AND_BEN, unnamed="leave-out").turns.height == 1
    assert read(path, roles=ANNA_AND_BEN, unnamed="previous").turns["role"].to_list() == ["therapist", "therapist"]


@pytest.mark.parametrize(
    ("content", "texts", "said"),
    [
        (CUE, ["Yes."], ["no_header"]),
        (f"WEBVTT - Talk\nKind: captions\n{CUE}", ["Yes."], []),
        (f"WEBVTT\n\nSTYLE\n::cue {{ color: red }}\n\nREGION\nid:a\n\nNOTE\nabout it\n\n{CUE}", ["Yes."], ["comment"]),
        (f"WEBVTT\n\nTranscript of today\n\n{CUE}", ["Yes."], ["before_first_cue"]),
        (f"WEBVTT\n\n{CUE}\nNo more.\n\n{CUE}", ["Yes. No more.", "Yes."], ["after_blank_line", "overlapping_times"]),
        (f"WEBVTT\n\n1\n{CUE}2\n00:02.000 --> 00:03.000\n<v Ben>No.", ["Yes.", "No."], []),
        (SPACED, ["Yes.", "No."], ["after_blank_line"]),
        (f"WEBVTT\n\n{CUE}42\n00:02.000 --> 00:03.000\n<v Ben>No.", ["Yes. 42", "No."], []),
        (f"WEBVTT\n\n{CUE}\n00:02.000 --> 00:03.000\n\n", ["Yes."], ["empty_cue"]),
        ("WEBVTT\n\n00:03.000 --> 00:02.000 align:start\n<v Anna>Yes.", ["Yes."], ["times_reversed"]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n<v Anna>See --> here <3 &amp;amp;", ["See --> here <3 &amp;"], []),
        (f"{NAMED}Anna: No.\nOnce: why?\nBen: Yes.\nBen:", ["Yes.", "No. Once: why?", "Yes.", ""], []),
        (f"WEBVTT\n\n1\n{CUE}\n2\n00:0", ["Yes."], ["cut_cue"]),
    ],
)
def test_what_a_person_would_understand_is_read_and_said(
    tmp_path: Path, content: str, texts: list[str], said: list[str]
) -> None:
    result = of(tmp_path, content)
    assert result.turns["text"].to_list() == texts
    assert codes(result) == said


def test_what_may_be_a_name_and_is_not_taken_as_one_is_said(tmp_path: Path) -> None:
    cues = "".join(f"00:0{n}.000 --> 00:0{n}.500\nNo.\n\n" for n in range(4, 8))
    result = of(tmp_path, f"{NAMED}The Book: no\n\n{cues}")
    problem = next(one for one in result.problems if one.code == "prefix_not_a_name")
    assert (result.turns["text"].to_list(), problem.row, problem.severity) == (["Yes."], 2, "warning")
    assert "Book" not in str(problem)


def test_overlapping_cues_are_counted_with_the_first(tmp_path: Path) -> None:
    cues = "".join(f"00:0{n}.000 --> 00:0{n + 2}.000\n<v Anna>Yes.\n\n" for n in range(1, 5))
    problem = next(one for one in of(tmp_path, f"WEBVTT\n\n{cues}").problems if one.code == "overlapping_times")
    assert (problem.row, problem.unit, problem.severity, problem.message[:6]) == (2, "cue", "warning", "3 cues")


@pytest.mark.parametrize(
    "line",
    [
        "00:00:61.000 --> 00:01:02.000",
        "00:01.000 -> 00:02.000",
        "00:01.000 --> ",
        "--> 00:02.000",
        "00:0x.000 --> 00:02.000",
        "00:01.000 --> 00:02.000 and what was said",
    ],
)
def test_times_that_cannot_be_read_are_refused_with_their_line(tmp_path: Path, line: str) -> None:
    path = written(tmp_path, f"WEBVTT\n\n{CUE}\n{line}\n<v Anna>zebrafinch\n")
    with pytest.raises(DataError, match="line 6 has an arrow, and times that cannot be read") as raised:
        read(path, roles=ANNA_AND_BEN)
    assert "zebrafinch" not in str(raised.value)


@pytest.mark.parametrize(("content", "said"), [("", "is empty"), ("WEBVTT\n\nNOTE a\n", "no turn"), ("{}", "no turn")])
def test_a_file_without_a_cue_is_refused(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(written(tmp_path, content))


def test_a_cue_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, f"WEBVTT\n\n{CUE}" + "Yes.\n" * 20_000)
    with pytest.raises(DataError, match="cue 1 has more than 65536 bytes"):
        read(path, max_record_bytes=65_536)


@pytest.mark.parametrize("length", [10, 40, 90, 140, 200, 250])
def test_a_cut_file_gives_what_is_there(tmp_path: Path, length: int) -> None:
    whole = read(DATA / "zoom.vtt").turns["text"].to_list()
    try:
        texts = read(written(tmp_path, SEEDS[0].decode()[:length]), unnamed="leave-out").turns["text"].to_list()
    except DataError:
        return
    assert texts[:-1] == whole[: len(texts) - 1]
    assert whole[len(texts) - 1].startswith(texts[-1])


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        (["Anna: a", "Ben: b"], {"Anna", "Ben"}),
        (["So: a", "So: b", "I said: c", "I said: d"], set()),
        (["anna s: a", "anna s: b", "anna s: c", "d"], {"anna s"}),
        (["a", "b", "c", "d", "e", "Once: f"], set()),
        (["a", "b", "c", "d", "e", "Therapist 1: f"], {"Therapist 1"}),
        (["Dr. Smith-Jones (she/her): a", "Smith, Anna: b"], {"Dr. Smith-Jones (she/her)", "Smith, Anna"}),
    ],
)
def test_a_files_lines_tell_together_what_is_a_name(lines: list[str], names: set[str]) -> None:
    counted = Names()
    for line in lines:
        counted.see([line])
    assert counted.accepted(ReadOptions()) == names


WORDS: Final = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=9)
LINE: Final = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
TIME: Final = st.integers(0, 5_999_999)


@given(
    st.lists(
        st.tuples(st.sampled_from(["Anna", "Ben"]), st.lists(LINE, min_size=1, max_size=3), TIME, TIME), min_size=1
    )
)
def test_what_is_written_comes_back(turns: list[tuple[str, list[str], int, int]]) -> None:
    content = "WEBVTT\n"
    for name, lines, start, end in turns:
        times = (f"{t // 3_600_000:02}:{t // 60_000 % 60:02}:{t // 1000 % 60:02}.{t % 1000:03}" for t in (start, end))
        content += f"\n{' --> '.join(times)}\n<v {name}>" + html.escape("\n".join(lines)) + "</v>\n"
    with tempfile.TemporaryDirectory() as folder:
        result = of(Path(folder), content)
        read_by_another = webvtt.read(str(Path(folder) / "talk.vtt"))
    assert result.turns.select("role", "text", "start_s", "end_s").rows() == [
        (ANNA_AND_BEN[name], " ".join(lines), start / 1000, end / 1000) for name, lines, start, end in turns
    ]
    assert [html.unescape(cue.text).split() for cue in read_by_another.captions] == [
        text.split() for text in result.turns["text"]
    ]


def test_batches_of_one_row_give_the_same() -> None:
    assert read(DATA / "teams.vtt", batch_rows=1).turns.equals(read(DATA / "teams.vtt").turns)


def test_the_content_decides(tmp_path: Path) -> None:
    known = reader_for(DATA / "zoom.vtt")
    assert known.name == "WebVTT"
    assert not known.sniff(Head(tmp_path / "a.vtt", b"# About WEBVTT\n\nIt is a format.\n"))
    assert not known.sniff(Head(tmp_path / "a.vtt", b"WEBVTTs\n"))


@given(damaged(SEEDS))
def test_any_bytes_are_turns_or_a_data_error(data: bytes) -> None:
    turns_or_error(data, ".vtt")
