"""whisper.cpp: a segment is a turn, a stereo channel a speaker."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.damage import damaged, turns_or_error

from alliancekit.errors import DataError, RoleError
from alliancekit.readers import read, reader_for

FIXTURE: Final = Path(__file__).parent / "data" / "whisper_cpp.json"
ROLES: Final = {"0": "therapist", "1": "patient"}


def written(folder: Path, *segments: object) -> Path:
    path = folder / "talk.json"
    path.write_text(json.dumps({"result": {"language": "en"}, "transcription": segments}), encoding="utf-8")
    return path


def segment(start: object, end: object, text: object = " Yes.", **more: object) -> dict[str, object]:
    return {"offsets": {"from": start, "to": end}, "text": text, **more}


def test_the_fixture_is_read() -> None:
    """As `whisper-cli --diarize --output-json` writes it; one segment is of no channel."""
    assert reader_for(FIXTURE).key == "whisper-cpp"
    result = read(FIXTURE, roles=ROLES, unnamed="leave-out")
    assert result.turns.select("session_id", "turn_index", "role", "text", "start_s", "end_s").rows() == [
        ("whisper_cpp", 0, "therapist", " How was the week?", 0.0, 2.48),
        ("whisper_cpp", 1, "patient", " Long.", 2.48, 5.06),
    ]
    assert "speaker_left_out" in [problem.code for problem in result.problems]


def test_speakers_are_asked_for() -> None:
    with pytest.raises(RoleError, match="the column 'role' is empty in 1 of 3 segments, first in segment 3"):
        read(FIXTURE, roles=ROLES)


def test_times_that_overlap_go_back_or_are_missing_are_said(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        segment(0, 2000, speaker="0"),
        segment(1500, 1000, speaker="1"),
        {"text": "No.", "speaker": "0"},
    )
    result = read(path, roles=ROLES)
    codes = {problem.code: problem.row for problem in result.problems}
    assert (codes["times_reversed"], codes["overlapping_times"], codes["times_missing"]) == (2, 2, 3)
    assert result.turns["start_s"].to_list() == [0.0, 1.5, None]


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (segment("0", 1), "'from' holds a JSON string, not a number"),
        (segment(0, 10**400), "'to' holds a number too large"),
        (segment(0, 1, text=["Yes."]), "'text' holds a JSON array"),
        ([], "segment 1 holds a JSON array"),
    ],
)
def test_a_segment_of_another_shape_is_refused(tmp_path: Path, value: Any, message: str) -> None:  # noqa: ANN401 - any JSON
    with pytest.raises(DataError, match=message):
        read(written(tmp_path, value), format="whisper-cpp")


@given(
    times=st.lists(st.integers(0, 10**7), min_size=2, max_size=8).map(sorted),
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), min_size=8, max_size=8),
)
def test_what_is_written_is_read(times: list[int], texts: list[str]) -> None:
    segments = [
        segment(start, end, text, speaker=str(n % 2))
        for n, (start, end, text) in enumerate(zip(times, times[1:], texts, strict=False))
    ]
    with tempfile.TemporaryDirectory() as folder:
        turns = read(written(Path(folder), *segments), roles=ROLES).turns
    assert turns["text"].to_list() == texts[: len(segments)]
    assert turns["end_s"].to_list() == [end / 1000 for end in times[1:]]


@given(damaged([FIXTURE.read_bytes()]))
def test_a_damaged_file_is_turns_or_an_error(data: bytes) -> None:
    turns_or_error(data, ".json")
