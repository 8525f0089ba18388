"""Plain text: names at the beginning of turns, in the styles of transcribers and of their tools."""

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
from alliancekit.readers.formats.plain_text import sniff
from alliancekit.readers.head import Head
from alliancekit.readers.speech.caption_names import begins_with

if TYPE_CHECKING:
    from alliancekit.readers import ReadResult

DATA: Final = Path(__file__).parent / "data"
FIXTURES: Final = tuple(DATA / f"{name}.txt" for name in ("therapist", "otter", "alexander"))
SEEDS: Final = [path.read_bytes() for path in FIXTURES]
ANNA_AND_BEN: Final = {"Anna": "therapist", "Ben": "patient"}
ANNA: Final = {"Anna Smith": "therapist", "Speaker 2": "patient"}


def of(folder: Path, content: str, **choices: bool) -> ReadResult:
    path = folder / "talk.txt"
    path.write_bytes(content.encode())
    return read(path, roles=ANNA_AND_BEN, merge=choices.get("merge", False))


def codes(result: ReadResult) -> dict[str, tuple[int | None, str, str]]:
    known = ("session_id_from_file", "non_speech", "turn_index_from_order")
    return {p.code: (p.row, p.severity, p.message.split(":")[0]) for p in result.problems if p.code not in known}


def test_prefixes_with_lines_that_go_on() -> None:
    """As a transcriber types it: a heading, names in capitals, wrapped lines, a second paragraph of a turn."""
    result = read(DATA / "therapist.txt")
    client = "It was fine, I guess. (sighs) The thing is: I couldn't sleep. We had a fight on Monday, at 10:30."
    assert result.turns.select("session_id", "turn_index", "role", "text", "start_s").rows() == [
        ("therapist", 0, "therapist", "Good morning. How was your week? [pause]", None),
        ("therapist", 1, "patient", client, None),
        ("therapist", 2, "therapist", "Mm-hm.", None),
    ]
    assert codes(result) == {"heading": (1, "note", "3 lines")}


def test_names_with_times_on_lines_of_their_own() -> None:
    """As Otter exports a text with timestamps, its line at the end among it."""
    result = read(DATA / "otter.txt", roles=ANNA)
    assert result.turns.select("role", "text", "start_s").rows() == [
        ("therapist", "Good morning. How was your week?", 3.0),
        ("patient", "Fine. I woke at 7:30 and then again.", 9.0),
        ("therapist", "[laughter]", 3723.0),
    ]
    assert codes(result) == {"tool_line": (11, "note", "1 line")}


def test_names_that_are_not_known_are_asked_for() -> None:
    with pytest.raises(RoleError, match="unknown role in 3 of 3 lines, first in line 1"):
        read(DATA / "otter.txt")


def test_pages_are_taken_away_and_turns_go_on_across_them() -> None:
    """In the style of Alexander Street's counselling transcripts, with the pages of a PDF."""
    result = read(DATA / "alexander.txt")
    assert result.turns.select("role", "text").rows() == [
        ("therapist", "OK. So how is it going? [00:00:12]"),
        ("patient", "Well (inaudible at 00:00:20), I went to see my mother. She said: no."),
        ("therapist", "Did she?"),
        ("patient", "[crying] Yes."),
    ]
    assert codes(result) == {
        "heading": (2, "note", "2 lines"),
        "transcript_mark": (6, "note", "2 marks"),
        "page_number": (12, "note", "3 page numbers"),
        "page_header": (1, "note", "3 page headers"),
    }


@pytest.mark.parametrize(
    ("content", "turns"),
    [
        ("[00:00:01] Anna: Yes.\n[00:00:02 - 00:00:03] Ben: No.\n", [(1.0, None), (2.0, 3.0)]),
        ("Anna (0:01): Yes.\nBen [0:02,5]: No.\n", [(1.0, None), (2.5, None)]),
        ("Anna (0:01):\nYes.\nBen (0:02):\nNo.\n", [(1.0, None), (2.0, None)]),
        ("[Anna] 10:00:01\nYes.\n\n[Ben] 10:00:02\nNo.\n", [(36001.0, None), (36002.0, None)]),
        ("00:00:01 Anna\nYes.\n00:00:02 Ben\nNo.", [(1.0, None), (2.0, None)]),
        ("00:00:01 - Anna: Yes.\r\n00:00:02 - Ben: No.\r\n", [(1.0, None), (2.0, None)]),
        ("Anna\t0:01\nYes.\nBen\t0:02\nNo.", [(1.0, None), (2.0, None)]),
        ("**Anna:** Yes.\n\n**Ben**: No.\n", [(None, None)] * 2),
        ("Anna:Yes.\nBen:No.\n", [(None, None)] * 2),
        ("1. Anna: Yes.\n2. Ben: No.\n", [(None, None)] * 2),
        ("1 Anna: Yes.\n2 Ben:\n3 No.\n", [(None, None)] * 2),
        ("\ufeffAnna:\tYes.\rBen:\tNo.\r", [(None, None)] * 2),
        ("Anna:\n\n   Yes.\n\n\nBen:\n   No.", [(None, None)] * 2),
        ("- Anna: Yes.\n- Ben: No.\n", [(None, None)] * 2),
    ],
)
def test_each_style_gives_the_same_turns(
    tmp_path: Path, content: str, turns: list[tuple[float | None, float | None]]
) -> None:
    result = of(tmp_path, content).turns
    assert result.select("role", "text").rows() == [("therapist", "Yes."), ("patient", "No.")]
    assert result.select("start_s", "end_s").rows() == turns


def test_names_that_count_turns_lose_their_number(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("T1: a\nP1: b\nT2: c\nP2: d\nT3: e\nP3: f\n")
    result = read(path, roles={"T": "therapist", "P": "patient"})
    assert result.turns["role"].to_list() == ["therapist", "patient"] * 3
    assert codes(result) == {"turn_number": (1, "note", "6 turn numbers")}


def test_a_single_capital_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "talk.txt"
    path.write_text("I: How?\nP: So.\nI: And?\nP: Well.\n")
    assert read(path, roles={"I": "therapist", "P": "patient"}).turns.height == 4
    with pytest.raises(RoleError, match="unknown role in 4 of 4 lines"):
        read(path)


def test_a_number_is_a_page_only_where_several_count_up(tmp_path: Path) -> None:
    answers = of(tmp_path, "Anna: How many?\nBen: Let me see\n3\nAnna: And now?\nBen: Now\n5\n")
    assert answers.turns["text"].to_list() == ["How many?", "Let me see 3", "And now?", "Now 5"]
    pages = of(tmp_path, "Anna: How\n1\nmany?\nBen: Two\n- 2 -\nor so.\nAnna: And\n3\nnow?\n")
    assert pages.turns["text"].to_list() == ["How many?", "Two or so.", "And now?"]
    assert codes(pages) == {"page_number": (2, "note", "3 page numbers")}


@pytest.mark.parametrize(
    ("content", "texts", "said"),
    [
        ("It was late.\nAnna: Yes.\nBen: No.", ["Yes.", "No."], {"before_first_speaker": (1, "warning", "1 line")}),
        ("Anna: Yes.\nBen:\nAnna: No.", ["Yes.", "", "No."], {"empty_turn": (2, "note", "1 turn")}),
        (
            "Anna: I\nwent\non\nCarl: no.\nBen: No.\nand\nso\n",
            ["I went on Carl: no.", "No. and so"],
            {"prefix_not_a_name": (4, "warning", "1 line")},
        ),
        (
            "Anna: Yes.\nEND TRANSCRIPT\nSee you.\nBen: No.",
            ["Yes.", "No."],
            {
                "transcript_mark": (2, "note", "1 mark"),
                "after_the_end": (3, "warning", "1 line"),
            },
        ),
        ("Anna (0:05): Yes.\nBen (0:04): No.", ["Yes.", "No."], {"times_not_in_order": (2, "warning", "1 turn")}),
        ("[0:05 - 0:04] Anna: Yes.\nBen: No.", ["Yes.", "No."], {"times_reversed": (1, "warning", "1 line")}),
    ],
)
def test_what_is_in_no_turn_or_doubtful_is_said(
    tmp_path: Path, content: str, texts: list[str], said: dict[str, tuple[int, str, str]]
) -> None:
    result = of(tmp_path, content)
    assert result.turns["text"].to_list() == texts
    assert codes(result) == said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("It was late.\nNo one spoke.\n", "no line begins with a speaker's name"),
        ("", "the file is empty"),
        ("  \n\n", "the file is empty"),
        ("Anna: " + "a" * 70_000, "document 1 has more than 65536 bytes"),
    ],
)
def test_what_is_no_transcript_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "talk.txt"
    path.write_text(content)
    with pytest.raises(DataError) as raised:
        read(path, roles=ANNA_AND_BEN, max_record_bytes=65_536)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_a_cut_file_gives_what_is_there_or_an_error(tmp_path: Path, path: Path) -> None:
    whole = path.read_text(encoding="utf-8")
    for length in range(1, len(whole), 23):
        (tmp_path / "talk.txt").write_text(whole[:length], encoding="utf-8")
        try:
            turns = read(tmp_path / "talk.txt", roles=ANNA).turns
        except (DataError, RoleError):
            continue
        assert turns.height <= 4


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_batches_of_one_row_give_the_same(path: Path) -> None:
    assert read(path, roles=ANNA, batch_rows=1).turns.equals(read(path, roles=ANNA).turns)


@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.stem)
def test_the_fixtures_are_recognised(path: Path) -> None:
    known = reader_for(path)
    assert known.name == "Plain text"
    assert known.sniff(Head(path, path.read_bytes()))


README: Final = """Sample data

Author: Anna Smith
Version: 1.0
License: MIT

Usage: read it in.
Example: one.
Example: two.
Usage: see above.

Note: the files are at https://example.org. Each has the columns session_id, role and text.
"""
CODEBOOK: Final = "session_id\tturn\trole\ttext\ns1\t0\tclient\tYes: I do.\ns1\t1\ttherapist\tNo: I don't.\n"
FAQ: Final = "Q: What is it?\nA: Data.\nQ: Whose?\nA: Ours.\n"
PROSE: Final = "It was late. She said:\nno. Then at 10:30\nhe left: alone.\n" * 5
SCRIPT: Final = "# RUN: a\n# CHECK: b\n# RUN: c\n# CHECK: d\n"
LIST: Final = "Milk 10:30\nEggs 11:30\n"


@pytest.mark.parametrize("content", [README, CODEBOOK, FAQ, PROSE, SCRIPT, LIST, "", "{}", "a: b\n"])
def test_another_text_is_not_taken_for_talk(content: str) -> None:
    assert not sniff(Head(Path("notes.txt"), content.encode()))


@pytest.mark.parametrize(
    "content",
    [
        "Therapist: Hello.\nClient: Hi.\n",
        "Anna: Hello.\nBen: Hi.\nAnna: So?\nBen: Well.\n",
        "Anna: Hello.\n\nBen: Hi.\nand\nso\non\nand\non\n\nAnna: So?\n\nBen: Well.\n",
    ],
)
def test_talk_is_recognised(content: str) -> None:
    assert sniff(Head(Path("notes.txt"), content.encode()))


LINE: Final = st.text(
    st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]) | st.sampled_from("[]():\"'-*"), min_size=1
)


@given(turns=st.lists(st.tuples(st.sampled_from(["Anna", "Ben"]), LINE), min_size=1), blank=st.booleans())
def test_what_is_written_comes_back(turns: list[tuple[str, str]], *, blank: bool) -> None:
    content = ("\n\n" if blank else "\n").join(f"{name}: {said}" for name, said in turns)
    with tempfile.TemporaryDirectory() as folder:
        result = of(Path(folder), content)
    assert result.turns.select("role", "text").rows() == [(ANNA_AND_BEN[name], said) for name, said in turns]


@given(turns=st.lists(st.tuples(st.sampled_from(["Anna", "Ben"]), LINE, LINE, st.integers(0, 359_999)), min_size=1))
def test_blocks_with_times_come_back(turns: list[tuple[str, str, str, int]]) -> None:
    content = "".join(
        f"{name}  {t // 3600}:{t // 60 % 60:02}:{t % 60:02}\nso {first}\nand {second}\n\n"
        for name, first, second, t in turns
    )
    with tempfile.TemporaryDirectory() as folder:
        result = of(Path(folder), content)
    assert result.turns.select("role", "text", "start_s").rows() == [
        (ANNA_AND_BEN[name], f"so {first} and {second}", float(t)) for name, first, second, t in turns
    ]


@given(damaged(SEEDS))
def test_any_bytes_are_turns_or_a_data_error(data: bytes) -> None:
    turns_or_error(data, ".txt")


def test_white_space_before_a_colon_is_bounded_and_no_part_of_a_name() -> None:
    assert begins_with("Anna" + " " * 100 + ": Yes.") == ("Anna", "Yes.")
    assert begins_with("Anna" + " " * 1000 + ": Yes.") is None
