"""CHAT: an utterance of a main tier is a turn, its codes resolved, its speaker told by the header."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rustling.chat import CHAT
from tests.support.damage import damaged, turns_or_error

from alliancekit.errors import DataError, RoleError
from alliancekit.readers import read, reader_for
from alliancekit.readers.head import Head
from alliancekit.readers.options import ReadOptions
from alliancekit.readers.speech.chat_codes import resolved
from alliancekit.readers.speech.chat_participants import speakers

if TYPE_CHECKING:
    from alliancekit.readers import ReadResult

FIXTURE: Final = Path(__file__).parent / "data" / "talk.cha"
SEEDS: Final = [FIXTURE.read_bytes()]
HEADER: Final = "@UTF8\n@Begin\n@Participants:\tTHE Therapist, PAR Ben Participant\n"
OLD: Final = '*THE:\tyes . \x15%snd:"a"_100_200\x15\n'


def written(folder: Path, content: str) -> Path:
    path = folder / "talk.cha"
    path.write_text(content, encoding="utf-8")
    return path


def codes(result: ReadResult) -> list[str]:
    return [problem.code for problem in result.problems if problem.code not in ("session_id_from_file", "non_speech")]


def test_the_fixture_is_read_without_a_flag() -> None:
    """As CLAN writes it: headers, main tiers with bullets, a dependent tier, a line that goes on."""
    result = read(FIXTURE)
    assert result.turns.select("session_id", "turn_index", "role", "text", "start_s", "end_s").rows() == [
        ("talk", 0, "therapist", "how are you are you um today?", 0.1, 2.5),
        ("talk", 1, "patient", "I am fine [laughs] [unintelligible] (.) and went to New York...", 2.5, 4.0),
        ("talk", 3, "therapist", "gonna tell me [whispers]?", None, None),
    ]
    assert codes(result) == ["codes_resolved", "dependent_tier", "header_inside", "times_missing", "speaker_left_out"]


def test_the_lines_are_those_that_rustling_finds() -> None:
    text = FIXTURE.read_text(encoding="utf-8")
    others = CHAT.from_strs([text], parallel=False, mor_tier=None, gra_tier=None)
    spoken = [one for one in others.utterances() if one.participant is not None]
    turns = read(FIXTURE, roles={"OBS": "patient"}).turns
    assert [one.time_marks for one in spoken] == [
        None if start is None else (round(start * 1000), round(end * 1000))
        for start, end in turns.select("start_s", "end_s").iter_rows()
    ]


@pytest.mark.parametrize(
    ("utterance", "text"),
    [
        ("I (be)cause [: because] went , yes .", "I because went, yes."),
        ("xxx www &=imit:dog [=! shouts] !", "[unintelligible] [untranscribed] [imit:dog] [shouts]!"),
        ("<and then> [//] &+th &~uh &-um then +/.", "and then th uh um then..."),
        ("0is he 0 &*INV:mhm there@s:eng [*] +//?", "he there?"),
        ("no::: ↑way ⌈really⌉ „ you know ‡", "no way really, you know,"),
        ('+" he said (1.5) (..) +"/.', "he said (1.5) (..)."),
        ("", ""),
    ],
)
def test_codes_are_resolved(utterance: str, text: str) -> None:
    assert resolved(utterance).text == text


@pytest.mark.parametrize(
    ("header", "roles", "called"),
    [
        ("A Ann Therapist, B Patient", {}, {"A": "Therapist", "B": "Patient"}),
        ("A Participant, B Participant", {}, {"A": "A", "B": "B"}),
        ("A Participant, B Investigator", {}, {"A": "Participant", "B": "B"}),
        ("A Ann Therapist, B Mother", {"a": "patient", "b": "therapist"}, {"A": "A", "B": "B"}),
        ("A Ann_Lee Adult", {"Ann Lee": "patient"}, {"A": "Ann Lee"}),
        ("A, , B", {}, {"A": "A", "B": "B"}),
    ],
)
def test_the_header_says_who_is_who(header: str, roles: dict[str, str], called: dict[str, str]) -> None:
    assert speakers(header, ReadOptions(roles=roles)) == called


def test_a_code_that_says_nothing_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, "@Begin\n@Participants:\tINV Investigator\n*INV:\tyes .\n*ZZZ:\tno .\n@End\n")
    with pytest.raises(RoleError, match="unknown role in 2 of 2 lines, first in line 3"):
        read(path)
    result = read(path, roles={"inv": "therapist", "zzz": "patient"})
    assert result.turns["role"].to_list() == ["therapist", "patient"]
    assert codes(result) == ["speaker_not_declared"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("*THE:\tyes .\n", ["no_end"]),
        ("*THE: yes .\n\n@End\n", []),
        ("*THE:\tyes . \x155_x\x15\n@End\n", ["time_not_read"]),
        (f"{OLD}*PAR:\tno . \x15150_120\x15\n@End\n", ["times_reversed", "overlapping_times"]),
    ],
)
def test_what_a_person_would_understand_is_read_and_said(tmp_path: Path, body: str, said: list[str]) -> None:
    result = read(written(tmp_path, HEADER + body))
    assert result.turns["text"][0] == "yes."
    assert codes(result) == said


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("*THE:\tyes .\nzebrafinch .\n", 5),
        ("*THE\tzebrafinch .\n", 4),
        ("*THE:\tyes .\n@End\n*THE:\tzebrafinch .\n", 6),
        ("*THE:\tyes .\n@Begin\n*THE:\tzebrafinch .\n", 5),
    ],
)
def test_a_line_that_is_no_tier_is_refused_with_its_number(tmp_path: Path, body: str, line: int) -> None:
    with pytest.raises(DataError, match=f"line {line}") as raised:
        read(written(tmp_path, HEADER + body))
    assert "zebrafinch" not in str(raised.value)


@pytest.mark.parametrize(("content", "said"), [(HEADER, "no turn"), ("", "is empty"), ("\tyes .\n", "line 1")])
def test_a_file_without_an_utterance_is_refused(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(DataError, match=said):
        read(written(tmp_path, content))


def test_an_utterance_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER}*THE:\tyes\n" + "\tyes\n" * 20_000)
    with pytest.raises(DataError, match="line 4 has more than 65536 bytes"):
        read(path, max_record_bytes=65_536)


@pytest.mark.parametrize("length", [10, 60, 150, 250, 330, 420])
def test_a_cut_file_gives_what_is_there_or_an_error(tmp_path: Path, length: int) -> None:
    try:
        result = read(written(tmp_path, FIXTURE.read_text(encoding="utf-8")[:length]))
    except DataError:
        return
    assert result.turns["text"][0].startswith("how are you")
    assert "no_end" in codes(result)


WORD: Final = st.text(st.characters(categories=["L"], exclude_characters="ˈˌ"), min_size=1, max_size=8).filter(
    lambda word: word.lower() not in ("xx", "xxx", "yy", "yyy", "www")
)
SPOKEN: Final = st.tuples(
    st.sampled_from(["THE", "PAR"]), st.lists(WORD, min_size=1), st.integers(0, 10**7), st.integers(0, 10**7)
)


@given(st.lists(SPOKEN, min_size=1))
def test_what_is_written_comes_back(turns: list[tuple[str, list[str], int, int]]) -> None:
    content = HEADER
    for code, words, start, end in turns:
        content += f"*{code}:\t" + "\n\t".join(words) + f" . \x15{start}_{end}\x15\n%com:\tseen\n"
    with tempfile.TemporaryDirectory() as folder:
        result = read(written(Path(folder), content + "@End\n"))
    roles = {"THE": "therapist", "PAR": "patient"}
    assert result.turns.select("role", "text", "start_s", "end_s").rows() == [
        (roles[code], " ".join(words) + ".", start / 1000, end / 1000) for code, words, start, end in turns
    ]


def test_batches_of_one_row_give_the_same() -> None:
    assert read(FIXTURE, batch_rows=1).turns.equals(read(FIXTURE).turns)


def test_the_content_decides(tmp_path: Path) -> None:
    known = reader_for(FIXTURE)
    assert known.name == "CHAT"
    assert not known.sniff(Head(tmp_path / "a.cha", b"Hello, Anna.\nHow are you?\n"))
    assert not known.sniff(Head(tmp_path / "a.cha", b"[Event]\n@x\n"))


@given(damaged(SEEDS))
def test_any_bytes_are_turns_or_a_data_error(data: bytes) -> None:
    turns_or_error(data, ".cha")
