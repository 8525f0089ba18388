"""Whisper and WhisperX: a segment is a turn; its words tell the speaker where it names none."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.damage import damaged, turns_or_error

from alliancekit.errors import DataError, RoleError
from alliancekit.readers import read, reader_for
from alliancekit.readers.head import HEAD, Head

if TYPE_CHECKING:
    from alliancekit.readers import ReadResult

FIXTURE: Final = Path(__file__).parent / "data" / "whisperx.json"
SEEDS: Final = [FIXTURE.read_bytes(), json.dumps(json.loads(FIXTURE.read_bytes())["segments"]).encode()]
ROLES: Final = {"SPEAKER_00": "therapist", "SPEAKER_01": "patient"}
SEGMENT: Final[dict[str, Any]] = {"start": 1.0, "end": 2.0, "text": " Yes.", "speaker": "SPEAKER_00"}


def written(folder: Path, value: object) -> Path:
    path = folder / "talk.json"
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def codes(result: ReadResult) -> list[str]:
    return [problem.code for problem in result.problems if problem.code not in ("session_id_from_file", "non_speech")]


def test_the_fixture_is_read() -> None:
    """As WhisperX writes it after diarization; one segment has no speaker, and words of two."""
    result = read(FIXTURE, roles=ROLES)
    assert result.turns.select("session_id", "turn_index", "role", "text", "start_s", "end_s").rows() == [
        ("whisperx", 0, "therapist", " Good morning. How are you?", 0.031, 2.5),
        ("whisperx", 1, "patient", " Fine. 3 nights of sleep. ", 3.0, 4.9),
        ("whisperx", 2, "therapist", "Good.", 5.5, 6.25),
        ("whisperx", 3, "patient", " Yes. [laughter]", 7.0, 8.0),
    ]
    assert codes(result) == ["segment_parted"]


def test_speakers_are_asked_for() -> None:
    with pytest.raises(RoleError, match="unknown role in 4 of 4 segments"):
        read(FIXTURE)


def test_a_segment_without_a_speaker_is_refused_left_out_or_given_to_the_one_before(tmp_path: Path) -> None:
    """As Whisper alone writes it, whose words have no speakers."""
    words = [{"word": " Yes.", "start": 1.0, "end": 2.0, "probability": 0.9}]
    path = written(
        tmp_path, {"text": " Yes. Yes.", "segments": [SEGMENT, {**SEGMENT, "speaker": None, "words": words}]}
    )
    with pytest.raises(RoleError, match="empty in 1 of 2 segments, first in segment 2"):
        read(path, roles=ROLES)
    assert read(path, roles=ROLES, unnamed="leave-out").turns.height == 1
    assert read(path, roles=ROLES, unnamed="previous").turns["role"].to_list() == ["therapist"] * 2


@pytest.mark.parametrize(
    ("words", "texts"),
    [
        ([("a", "SPEAKER_00"), ("b", None), ("c", "SPEAKER_01")], [" a b ", "c"]),
        ([("a", None), ("b", "SPEAKER_00"), ("c", "SPEAKER_00")], [" a b c"]),
        ([(" a", "SPEAKER_00"), (" b", "SPEAKER_01"), (" c", "SPEAKER_00")], [" a ", "b ", "c"]),
        ([("z", "SPEAKER_00"), ("b", "SPEAKER_01")], []),
    ],
)
def test_words_tell_the_speaker(tmp_path: Path, words: list[tuple[str, str | None]], texts: list[str]) -> None:
    said = [{"word": word} | ({"speaker": name} if name else {}) for word, name in words]
    segment = {"start": 1.0, "end": 2.0, "text": " a b c", "words": said}
    result = read(written(tmp_path, {"segments": [segment, SEGMENT]}), roles=ROLES, unnamed="leave-out")
    assert result.turns["text"].to_list() == [*texts, " Yes."]


@pytest.mark.parametrize(
    ("segments", "said"),
    [
        ([SEGMENT, {**SEGMENT, "start": 1.5, "end": 1.2}], ["times_reversed", "overlapping_times"]),
        ([SEGMENT, {**SEGMENT, "start": 2, "end": None}], ["times_missing"]),
        ([{"text": "Yes.", "speaker": "SPEAKER_00"}], []),
    ],
)
def test_odd_times_are_kept_and_said(tmp_path: Path, segments: list[object], said: list[str]) -> None:
    assert codes(read(written(tmp_path, {"segments": segments}), roles=ROLES, format="whisper")) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ({"segments": [SEGMENT, {**SEGMENT, "text": ["Yes."]}]}, "segment 2, 'text' holds a JSON array, not a string"),
        ({"segments": [SEGMENT, "Yes."]}, "segment 2 holds a JSON string, not an object"),
        ({"segments": {"1": SEGMENT}}, "'segments' holds a JSON object, not an array"),
        ({"text": "Yes."}, "'segments' holds a JSON null, not an array"),
        ({"segments": [{**SEGMENT, "start": "0:01"}]}, "segment 1, 'start' holds a JSON string, not a number"),
        ({"segments": [{**SEGMENT, "end": 10**400}]}, "segment 1, 'end' holds a number too large"),
        ({"segments": [{**SEGMENT, "end": True}]}, "segment 1, 'end' holds a JSON boolean"),
        ({"segments": [{**SEGMENT, "speaker": 0}]}, "segment 1, 'speaker' holds a JSON number, not a string"),
        ({"segments": [{**SEGMENT, "speaker": None, "words": ["a"]}]}, "segment 1, word 1 holds a JSON string"),
        ({"segments": []}, "no turn was found"),
        ("segments", "holds a JSON string, not an object"),
    ],
)
def test_a_wrong_shape_is_refused_with_its_place(tmp_path: Path, value: object, said: str) -> None:
    path = written(tmp_path, value)
    with pytest.raises(DataError) as raised:
        read(path, format="whisper")
    assert str(raised.value).startswith(f"{path}: ")
    assert said in str(raised.value)


@pytest.mark.parametrize("length", [1, 30, 300, 900, 1100])
def test_a_cut_file_is_refused(tmp_path: Path, length: int) -> None:
    path = tmp_path / "talk.json"
    for seed in SEEDS:
        path.write_bytes(seed[:length])
        with pytest.raises(DataError, match=r"not valid JSON|ends before"):
            read(path, roles=ROLES, format="whisper")


def test_a_document_over_the_limit_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, {"segments": [SEGMENT] * 2000})
    with pytest.raises(DataError, match="has more than 65536 bytes"):
        read(path, roles=ROLES, max_record_bytes=65_536)


SPOKEN: Final = st.fixed_dictionaries(
    {
        "start": st.floats(0, 1e5),
        "end": st.floats(0, 1e5),
        "text": st.text(st.characters(exclude_categories=["Cs"])),
        "speaker": st.sampled_from(sorted(ROLES)),
    }
)


@given(segments=st.lists(SPOKEN, min_size=1), alone=st.booleans())
def test_what_is_written_comes_back(segments: list[dict[str, Any]], *, alone: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = written(Path(folder), segments if alone else {"segments": segments, "language": "en"})
        turns = read(path, roles=ROLES).turns
    assert turns.select("role", "text", "start_s", "end_s").rows() == [
        (ROLES[one["speaker"]], one["text"], one["start"], one["end"]) for one in segments
    ]


def test_batches_of_one_row_give_the_same() -> None:
    assert read(FIXTURE, roles=ROLES, batch_rows=1).turns.equals(read(FIXTURE, roles=ROLES).turns)


def test_the_content_decides(tmp_path: Path) -> None:
    known = reader_for(FIXTURE)
    assert known.name == "Whisper"
    assert known.sniff(Head(tmp_path / "a.json", SEEDS[1]))
    assert not known.sniff(Head(tmp_path / "a.json", b'[{"start": 1, "end": 2, "text": "a", "page": 1}]'))
    assert not known.sniff(Head(tmp_path / "a.json", b'{"segments": [{"from": 1, "to": 2, "text": "a"}]}'))


@pytest.mark.parametrize(("more", "name"), [({"segments": [SEGMENT]}, "Whisper"), ({"pages": 3}, None)])
def test_the_whole_text_may_come_before_the_segments(tmp_path: Path, more: dict[str, object], name: str | None) -> None:
    """Whisper writes ``text`` first, and an hour of it is longer than what is looked at."""
    path = written(tmp_path, {"text": "Yes. " * HEAD, **more})
    found = None
    try:
        found = reader_for(path).name
    except DataError as error:
        assert "of no format known" in str(error)  # noqa: PT017 - either outcome is one of the cases
    assert found == name


@given(damaged(SEEDS))
def test_any_bytes_are_turns_or_a_data_error(data: bytes) -> None:
    turns_or_error(data, ".json")
