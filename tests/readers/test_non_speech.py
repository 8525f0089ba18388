"""Marks of what is not speech: recognised, counted, and treated as the caller says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliancekit.errors import ParameterError
from alliancekit.readers import read, scan
from alliancekit.readers.steps.non_speech import marks_of
from alliancekit.readers.steps.non_speech_marks import MARK

if TYPE_CHECKING:
    from pathlib import Path

MARKS = [
    *("[laughter]", "(inaudible)", "<noise>", "[00:12:31]", "(0:12)", "01:02:03", "<00:00:01.500>", "[00:01 - 00:05]"),
    *("[inaudible 00:12:31]", "[crosstalk 00:01:02]", "(laughs)", "((sighs))", "*sighs*", "[clears throat]", "(.)"),
    *("(clears his throat)", "[long pause]", "(0.5)", "(3 seconds)", "[Pause 3s]", "{cough}", "<LAUGH/>", "[...]", "♪"),
    *("[BLANK_AUDIO]", "[Patient laughs nervously]", "[phone rings]", "[door closes, noise]", "[door closes]"),
    *("[laughs and cries]", "(breathes deeply)", "[background noise]", "(xxx)", "[no response]", "[End of recording]"),
]
SPEECH = [
    *("[NAME]", "[city 2]", "(you know)", "(I was laughing)", "at 10:30", "[he says laughing is good]", "(2)", "[the]"),
    *("(and the)", "a < b > c", "*not*", "2*3*4", "[redacted]", "(he)", "3:2", "<b>", "[I think]", "{0.0}"),
]
CHOICES = ("keep", "strip", "drop-turns")


def write(folder: Path, *texts: str) -> Path:
    path = folder / "talk.parquet"
    roles = ["patient", "therapist"]
    table = {"session_id": "s", "turn_index": range(len(texts)), "role": [roles[n % 2] for n in range(len(texts))]}
    pl.DataFrame({**table, "text": list(texts)}).write_parquet(path)
    return path


@pytest.mark.parametrize("text", MARKS)
def test_marks_are_recognised(text: str) -> None:
    assert pl.Series([text]).str.extract(f"^({MARK})$")[0] == text


@pytest.mark.parametrize("text", SPEECH)
def test_what_may_be_speech_or_a_redaction_is_no_mark(text: str) -> None:
    assert pl.Series([text]).str.count_matches(MARK)[0] == 0


def test_marks_are_kept_and_counted_unless_told_otherwise(tmp_path: Path) -> None:
    path = write(tmp_path, "Yes.", "No [laughs] (sighs).", "[coughs]")
    result = read(path)
    assert result.turns["text"].to_list() == ["Yes.", "No [laughs] (sighs).", "[coughs]"]
    assert [(found.code, found.row, found.severity) for found in result.problems] == [("non_speech", 2, "note")]
    assert result.problems[0].message.startswith("3 marks of what is not speech")
    assert "in 2 turns, this one first: kept in the texts" in result.problems[0].message


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Yes [laughs].", "Yes."),
        ("[laughs] Yes", "Yes"),
        ("No, [coughs], I (laughs) (coughs)! Go", "No, I! Go"),
        ("a (pause)\n[laughs] b", "a b"),
        ("[laughs].", ""),
        ("[NAME] came [laughs]", "[NAME] came"),
        ("  two  spaces  ", "  two  spaces  "),
    ],
)
def test_marks_are_taken_out_with_the_space_around_them(tmp_path: Path, text: str, left: str) -> None:
    assert read(write(tmp_path, text), non_speech="strip").turns["text"].to_list() == [left]


def test_stripped_turns_stay_and_dropped_ones_are_counted(tmp_path: Path) -> None:
    path = write(tmp_path, "[laughs]", "Yes [NAME].", "(sighs) [pause]", "Well (sighs)")
    stripped = read(path, non_speech="strip")
    assert stripped.turns["text"].to_list() == ["", "Yes [NAME].", "", "Well"]
    assert stripped.problems[0].message.endswith("turns of them alone, now blank: 2.")
    dropped = read(path, non_speech="drop-turns")
    assert dropped.turns.select("turn_index", "text").rows() == [(1, "Yes [NAME]."), (3, "Well")]
    assert [found.code for found in dropped.problems] == ["non_speech", "brackets_kept"]
    assert "4 marks" in dropped.problems[0].message
    assert dropped.problems[1].message.startswith("1 other mark in square brackets kept")


@pytest.mark.parametrize("choice", CHOICES)
def test_pieces_of_any_size_give_the_same(tmp_path: Path, choice: Literal["keep", "strip", "drop-turns"]) -> None:
    path = write(tmp_path, "Yes", "[laughs]", "No (sighs)", "So", "[X]", "[pause] [pause]")
    whole = read(path, non_speech=choice)
    apart = read(path, non_speech=choice, batch_rows=1)
    assert (apart.turns.rows(), apart.problems) == (whole.turns.rows(), whole.problems)
    rows = [row for batch in scan(path, non_speech="drop-turns", batch_rows=1).batches for row in batch.rows]
    assert rows == [1, 3, 4, 5]


@given(st.lists(st.sampled_from([*MARKS, *SPEECH, "Yes,", "no", "  ", "\n"])))
def test_nothing_but_marks_and_the_space_and_commas_beside_them_goes(parts: list[str]) -> None:
    text = " ".join(parts)
    without = marks_of(pl.Series([1]), pl.Series([text]))["without"][0]
    letters = pl.Series([text]).str.replace_all(MARK, " ").str.extract_all(r"[\pL\pN]+")[0].to_list()
    left = pl.Series([without]).str.extract_all(r"[\pL\pN]+")[0].to_list()
    assert left == letters


def test_a_choice_that_is_none_is_refused() -> None:
    with pytest.raises(ParameterError, match="Did you mean 'strip'"):
        read("none.csv", non_speech="stripp")  # type: ignore[arg-type] # it is what is wrong
