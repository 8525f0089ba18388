"""ELAN: an annotation of a main tier is a turn, tiers put together by time."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rustling.elan import ELAN
from tests.support.damage import damaged, turns_or_error

from alliancekit.errors import DataError, RoleError
from alliancekit.readers import read, reader_for
from alliancekit.readers.head import Head

if TYPE_CHECKING:
    from alliancekit.readers import ReadResult

FIXTURE: Final = Path(__file__).parent / "data" / "talk.eaf"
TEXT: Final = FIXTURE.read_text(encoding="utf-8")
SEEDS: Final = [TEXT.encode()]
BOMB: Final = '<!DOCTYPE a [<!ENTITY a "zebrafinch"><!ENTITY b "&a;&a;&a;">]>'


def written(folder: Path, content: str) -> Path:
    path = folder / "talk.eaf"
    path.write_text(content, encoding="utf-8")
    return path


def codes(result: ReadResult) -> list[str]:
    return [problem.code for problem in result.problems if problem.code not in ("session_id_from_file", "non_speech")]


def test_the_fixture_is_read_without_a_flag() -> None:
    """As ELAN writes it: a participant, a tier named like its speaker, a slot without a time, a dependent tier."""
    result = read(FIXTURE)
    assert result.turns.select("session_id", "turn_index", "role", "text", "start_s", "end_s").rows() == [
        ("talk", 0, "therapist", "How was it with Tom & Mary?", 0.1, 2.0),
        ("talk", 1, "patient", "(laughs)", 1.9, 2.1),
        ("talk", 2, "patient", "Well, I left.", 2.3, None),
        ("talk", 3, "patient", "And then?", None, 4.1),
    ]
    assert codes(result) == ["dependent_tier", "times_missing"]


def test_rustling_finds_the_same_annotations() -> None:
    tiers = ELAN.from_strs([TEXT], parallel=False).tiers()[0].values()
    found = [one for tier in tiers if tier.parent_id is None for one in tier.annotations]
    ours = read(FIXTURE).turns.select("text", "start_s", "end_s").rows()
    assert sorted(" ".join(one.value.split()) for one in found) == sorted(text for text, _, _ in ours)
    assert {one.start_time for one in found} == {None if start is None else round(start * 1000) for _, start, _ in ours}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("(laughs)", "", ["dependent_tier", "empty_annotation", "times_missing"]),
        ('TIME_VALUE="100"', 'TIME_VALUE="2100"', ["dependent_tier", "times_reversed", "times_missing"]),
    ],
)
def test_what_is_odd_is_said(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    assert sorted(codes(read(written(tmp_path, TEXT.replace(old, new, 1))))) == sorted(said)


def test_a_participant_with_two_main_tiers_is_asked_for(tmp_path: Path) -> None:
    """One of the two may hold gestures: the participant's name for both would make turns of them in silence."""
    second = TEXT.replace('TIER_ID="Client"', 'PARTICIPANT="Therapist" TIER_ID="T-gesture"')
    path = written(tmp_path, second.replace('PARENT_REF="Client"', 'PARENT_REF="T-gesture"'))
    with pytest.raises(RoleError, match="unknown role in 4 of 4 annotations"):
        read(path)
    result = read(path, roles={"T-speech": "therapist"}, leave_out=["T-gesture"])
    assert result.turns.height == 1
    assert "shared_participant" in codes(result)


def test_a_tier_without_a_name_has_no_speaker(tmp_path: Path) -> None:
    nameless = TEXT.replace('TIER_ID="Client"', 'TIER_ID=""').replace('PARENT_REF="Client"', 'PARENT_REF=""')
    with pytest.raises(RoleError, match="empty in 3 of 4 annotations, first in annotation 2"):
        read(written(tmp_path, nameless))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("</TIER>", "", "not well-formed XML at line "),
        ("ANNOTATION_DOCUMENT", "DOCUMENT", "its root is not ANNOTATION_DOCUMENT"),
        ('TIME_SLOT_REF1="ts6"', 'TIME_SLOT_REF1="ts9"', "annotation 2 refers to a time slot that is not there"),
        ('TIME_SLOT_REF1="ts6"', "", "annotation 2 refers to a time slot that is not there"),
        ('TIME_VALUE="100"', 'TIME_VALUE="0:01"', "is not a number of milliseconds"),
        ('PARENT_REF="Client"', 'PARENT_REF="Nobody"', "depends on one that is not there"),
        (' PARENT_REF="Client"', "", "annotation 5 has no times of its own"),
        ("</ANNOTATION>\n        <ANNOTATION>", "", "not each in one annotation of one tier"),
        ("<ANNOTATION_VALUE>leave</ANNOTATION_VALUE>", "", "not each in one annotation of one tier"),
        ("<TIER LINGUISTIC_TYPE_REF=", "<OTHER/><TIER X=", None),
        ("<ANNOTATION_DOCUMENT", f"{BOMB}<ANNOTATION_DOCUMENT", "a document type or entities of its own"),
        ('encoding="UTF-8"', 'encoding="zebra"', "an encoding that cannot be read"),
        ("Tom &amp; Mary", "Tom &zebrafinch; Mary", "not well-formed XML at line "),
    ],
)
def test_what_is_malformed_is_refused_with_its_place(tmp_path: Path, old: str, new: str, said: str | None) -> None:
    content = TEXT.replace(old, new) if old == "ANNOTATION_DOCUMENT" else TEXT.replace(old, new, 1)
    assert content != TEXT
    path = written(tmp_path, content)
    if said is None:
        assert read(path).turns.height == 4
        return
    with pytest.raises(DataError) as raised:
        read(path)
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)
    assert "zebra" not in str(raised.value)


@pytest.mark.parametrize("length", [0, 1, 100, 800, 1500, 2500, -3])
def test_a_cut_file_is_refused(tmp_path: Path, length: int) -> None:
    with pytest.raises(DataError):
        read(written(tmp_path, TEXT[:length]))


def test_a_file_without_annotations_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no turn was found"):
        read(written(tmp_path, "<ANNOTATION_DOCUMENT/>"))


def test_a_document_over_the_limit_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has more than 65536 bytes"):
        read(written(tmp_path, TEXT + " " * 65_536), max_record_bytes=65_536)


HARD: Final = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), min_size=1)
SPOKEN: Final = st.tuples(HARD.filter(lambda text: text.strip() != ""), st.integers(0, 10**9), st.integers(0, 10**9))


@given(therapist=st.lists(SPOKEN, min_size=1), patient=st.lists(SPOKEN, min_size=1))
def test_what_is_written_comes_back(therapist: list[tuple[str, int, int]], patient: list[tuple[str, int, int]]) -> None:
    slots = tiers = ""
    spoken = []
    for name, role, turns in (("T & <1>", "Therapist", therapist), ("P", "Client", patient)):
        tiers += f"<TIER TIER_ID={quoteattr(name)} PARTICIPANT={quoteattr(role)}>"
        for number, (text, start, end) in enumerate(turns):
            refs = [f"{role}-{number}-{which}" for which in (1, 2)]
            for ref, time in zip(refs, (start, end), strict=True):
                slots += f'<TIME_SLOT TIME_SLOT_ID="{ref}" TIME_VALUE="{time}"/>'
            attributes = " ".join(f'TIME_SLOT_REF{which}="{ref}"' for which, ref in enumerate(refs, start=1))
            tiers += f"<ANNOTATION><ALIGNABLE_ANNOTATION {attributes}><ANNOTATION_VALUE>{escape(text)}"
            tiers += "</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>"
            spoken.append(("patient" if role == "Client" else "therapist", text.strip(), start / 1000, end / 1000))
        tiers += "</TIER>"
    content = f"<ANNOTATION_DOCUMENT><TIME_ORDER>{slots}</TIME_ORDER>{tiers}</ANNOTATION_DOCUMENT>"
    with tempfile.TemporaryDirectory() as folder:
        turns_read = read(written(Path(folder), content)).turns
    by_time = sorted(spoken, key=lambda one: one[2:])
    assert turns_read.select("role", "text", "start_s", "end_s").rows() == by_time


def test_batches_of_one_row_give_the_same() -> None:
    assert read(FIXTURE, batch_rows=1).turns.equals(read(FIXTURE).turns)


def test_the_content_decides(tmp_path: Path) -> None:
    known = reader_for(FIXTURE)
    assert known.name == "ELAN"
    assert not known.sniff(Head(tmp_path / "a.eaf", b"<?xml version='1.0'?><html/>"))


@given(damaged(SEEDS))
def test_any_bytes_are_turns_or_a_data_error(data: bytes) -> None:
    turns_or_error(data, ".eaf")
