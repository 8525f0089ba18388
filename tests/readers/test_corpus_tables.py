"""Tables of known corpora are read without a flag: AnnoMI in full, MIBot, AutoMISC, ConvoKit's data frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl
import pytest

from alliancekit.readers import ReadOptions, batches, read
from alliancekit.readers.presets import PRESETS

if TYPE_CHECKING:
    from pathlib import Path

ANNOMI: Final = (
    "mi_quality,transcript_id,video_title,video_url,topic,utterance_id,interlocutor,timestamp,utterance_text,"
    "annotator_id,therapist_input_exists,therapist_input_subtype,reflection_exists,reflection_subtype,"
    "question_exists,question_subtype,main_therapist_behaviour,client_talk_type\n"
    'high,3,"A ""talk""",https://a.example,smoking,0,therapist,00:00:13,How are you?,4,'
    "False,n/a,False,n/a,True,open,question,n/a\n"
    'high,3,"A ""talk""",https://a.example,smoking,0,therapist,00:00:13,How are you?,7,'
    "True,advice,False,n/a,True,closed,therapist_input,n/a\n"
    'high,3,"A ""talk""",https://a.example,smoking,1,client,00:01:02,"Fine, thanks.",4,'
    "n/a,n/a,n/a,n/a,n/a,n/a,n/a,neutral\n"
    'high,3,"A ""talk""",https://a.example,smoking,1,client,00:01:02,"Fine, thanks.",7,'
    "n/a,n/a,n/a,n/a,n/a,n/a,n/a,change\n"
    'low,4,"B",https://b.example,alcohol,0,therapist,00:00:01,Well?,4,'
    "False,n/a,False,n/a,True,open,question,n/a\n"
)
TURNS: Final = [
    ("3", 0, "therapist", "How are you?", 13.0),
    ("3", 1, "patient", "Fine, thanks.", 62.0),
    ("4", 0, "therapist", "Well?", 1.0),
]
KEYS: Final = ("session_id", "turn_index", "role", "text")


def written(folder: Path, text: str) -> Path:
    path = folder / "corpus.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_annomi_in_full_has_one_row_per_utterance(tmp_path: Path) -> None:
    result = read(written(tmp_path, ANNOMI))
    assert result.turns.select(*KEYS, "start_s").rows() == TURNS
    assert result.turns.columns[:6] == ["mi_quality", "session_id", "video_title", "video_url", "topic", "turn_index"]
    assert "annotator_id" not in result.turns.columns
    assert "client_talk_type" not in result.turns.columns
    assert [(problem.code, problem.severity) for problem in result.problems] == [
        ("preset", "note"),
        ("annotators_left_out", "note"),
        ("annotators_merged", "note"),
    ]
    assert "2 rows repeat an utterance" in result.problems[2].message


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_repetitions_are_found_across_pieces(tmp_path: Path, rows: int) -> None:
    parts = list(batches(written(tmp_path, ANNOMI), ReadOptions(batch_rows=rows)))
    turns = pl.concat([part.turns for part in parts])
    assert turns.select(*KEYS, "start_s").rows() == TURNS
    assert [row for part in parts for row in part.rows] == [1, 3, 5]


def test_annotators_may_come_one_after_the_other(tmp_path: Path) -> None:
    lines = ANNOMI.splitlines(keepends=True)
    result = read(written(tmp_path, "".join(lines[place] for place in (0, 1, 3, 2, 4, 5))))
    assert result.turns.select(*KEYS, "start_s").rows() == TURNS


def test_rows_that_differ_are_warned_about(tmp_path: Path) -> None:
    lines = ANNOMI.splitlines(keepends=True)
    lines[4] = lines[4].replace("Fine, thanks.", "Fine, thank you.")
    result = read(written(tmp_path, "".join(lines)))
    assert result.turns["text"].to_list() == [said for _, _, _, said, _ in TURNS]
    differ = result.problems[-1]
    assert (differ.code, differ.severity, differ.row) == ("annotators_differ", "warning", 4)
    assert "thank" not in differ.message


def test_a_judgement_that_is_mapped_is_the_first_annotators(tmp_path: Path) -> None:
    turns = read(written(tmp_path, ANNOMI), columns={"condition": "client_talk_type"}).turns
    assert turns["condition"].to_list() == ["n/a", "neutral", "n/a"]
    assert "annotator_id" not in turns.columns


def test_annomi_in_full_of_one_annotator(tmp_path: Path) -> None:
    lines = ANNOMI.splitlines(keepends=True)
    result = read(written(tmp_path, "".join([*lines[:2], lines[3], lines[5]])))
    assert result.turns.select(*KEYS, "start_s").rows() == TURNS
    assert "annotators_merged" not in [problem.code for problem in result.problems]


@pytest.mark.parametrize(
    ("header", "rows", "name"),
    [
        (
            "ParticipantID,Speaker,Volley#,Utterance#,CumulativeVolley,Utterance,AutoMISCLabel,AutoMISCExplanation",
            ["1f,counsellor,7,30,Hello!,Hello!,Other,a greeting", "1f,client,8,31,Hi.,Hi.,N,neutral"],
            "MIBot",
        ),
        (
            "Corpus #,Prolific ID,Speaker,Volley #,Volley",
            ["0,1f,counsellor,30,Hello!", "0,1f,client,31,Hi."],
            "MIBot's volleys",
        ),
        (
            "corp_conv_idx,conv_id,speaker,corp_vol_idx,conv_vol_idx,vol_text,corp_utt_idx,conv_utt_idx,utt_text",
            ["0,1f,counsellor,9,9,Hello! You?,40,30,Hello!", "0,1f,client,9,9,Hi. You?,41,31,Hi."],
            "AutoMISC's utterances",
        ),
        (
            "corp_vol_idx,conv_id,speaker,vol_text",
            ["30,1f,counsellor,Hello!", "31,1f,client,Hi."],
            "AutoMISC's volleys",
        ),
    ],
)
def test_talks_with_a_chatbot(tmp_path: Path, header: str, rows: list[str], name: str) -> None:
    result = read(written(tmp_path, "\n".join([header, *rows]) + "\n"))
    assert result.turns.select(KEYS).rows() == [("1f", 30, "therapist", "Hello!"), ("1f", 31, "patient", "Hi.")]
    assert [problem.code for problem in result.problems] == ["preset"]
    assert f"those of {name}: read with" in result.problems[0].message


def test_convokits_data_frame(tmp_path: Path) -> None:
    text = "id,timestamp,text,speaker,reply_to,conversation_id,meta.act,vectors\nu0,0,Hello!,client,,u0,greeting,[]\n"
    result = read(written(tmp_path, text))
    assert result.turns.select(KEYS).rows() == [("u0", 0, "patient", "Hello!")]
    assert [problem.code for problem in result.problems] == ["preset", "turn_index_from_order"]


def test_a_set_of_columns_that_contains_another_comes_before_it() -> None:
    sets = [{*preset.columns.values(), *preset.also} for preset in PRESETS]
    for place, columns in enumerate(sets):
        assert not any(earlier <= columns for earlier in sets[:place])
