"""What leaves the house: scores, numbers, ids and labels; safe to open, with labels where the format has them."""

from __future__ import annotations

import csv
import io
from importlib.resources import files
from typing import TYPE_CHECKING

import polars as pl
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.errors import ColumnError, DataError, MissingExtraError
from alliancekit.files import write_table
from alliancekit.reporting.export.names import variable_names
from alliancekit.reporting.export.r_folder import write_r_folder
from alliancekit.reporting.export.spss import write_sav
from alliancekit.reporting.export.tidy import tidy_result, tidy_sessions, tidy_turns

if TYPE_CHECKING:
    from pathlib import Path

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "'=1"]


@pytest.fixture(scope="module")
def talk(one_scale: pl.DataFrame) -> pl.DataFrame:
    """The corpus with text, a column of talk, one that varies, and labels of other types."""
    return one_scale.with_columns(
        text=pl.lit("I hid it, and cried"),
        summary=pl.lit("He hid it, and then he cried."),
        emotion=pl.format("sad{}", "turn_index"),
        site=pl.lit("north"),
        age=pl.lit(41),
        issues=pl.concat_list(pl.lit("sleep"), pl.lit("work")),
    )


def test_turns_have_scores_and_labels_and_no_talk(talk: pl.DataFrame) -> None:
    found = tidy_turns(talk.lazy(), ["task"])
    assert found.table.columns == [
        *("session_id", "turn_index", "role", "condition", "patient_id", "therapist_id", "session_number"),
        *("site", "age", "issues", "n_tokens", "truncated", "task"),
    ]
    assert set(found.left_out) == {"text", "summary", "emotion"}
    assert found.table["issues"].unique().to_list() == ["sleep; work"]


def test_sessions_and_results_are_tidy(talk: pl.DataFrame) -> None:
    found = tidy_sessions(ak.sessions(talk))
    assert list(found.left_out) == ["summary"]
    assert found.table.height == talk["session_id"].n_unique()
    gap = ak.gap(talk, by="issues", resamples=99)
    assert_frame_equal(tidy_result(gap).table, gap)


def test_a_spreadsheet_runs_no_cell(one_scale: pl.DataFrame, tmp_path: Path) -> None:
    ids = one_scale["session_id"].unique().sort()
    labels = pl.DataFrame({"session_id": ids, "condition": [FORMULAS[at % 6] for at in range(len(ids))]})
    frame = one_scale.drop("condition").join(labels, on="session_id", maintain_order="left")
    write_table(tidy_sessions(ak.sessions(frame)).table, tmp_path / "s.csv")
    rows = list(csv.reader(io.StringIO((tmp_path / "s.csv").read_text())))
    column = rows[0].index("condition")
    assert {row[column] for row in rows[1:]} == {f"'{label}" for label in FORMULAS}
    for row in rows:
        for cell in row:
            assert not cell.startswith(("=", "+", "@", "\t")), cell
            assert not cell.startswith("-") or float(cell) < 0


def test_spss_gets_labels_values_and_levels_of_measurement(talk: pl.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "turns.sav"
    table = tidy_turns(talk.lazy(), ["task"]).table
    write_sav(table, path, categories=["site"])
    frame, meta = pyreadstat.read_sav(str(path), apply_value_formats=False)
    assert meta.variable_value_labels["role"] == {1.0: "patient", 2.0: "therapist"}
    assert meta.variable_value_labels["truncated"] == {0.0: "no", 1.0: "yes"}
    assert meta.variable_value_labels["site"] == {1.0: "north"}
    labels = dict(zip(meta.column_names, meta.column_labels, strict=True))
    assert labels["task"] == "Task: agreement on what is done together (score of language)"
    assert labels["age"] == "age"
    assert meta.variable_measure["condition"] == "nominal"
    assert meta.variable_measure["task"] == "scale"
    assert frame["task"].tolist() == table["task"].cast(pl.Float64).to_list()
    decoded = frame["role"].map(meta.variable_value_labels["role"])
    assert decoded.tolist() == table["role"].to_list()
    assert frame["session_id"].tolist() == table["session_id"].to_list()


def test_spss_files_are_the_same_bytes_and_survive_hostile_names(tmp_path: Path) -> None:
    table = pl.DataFrame(
        {
            "BY": ["=1", None, "\u202e</td>" * 60],
            "by": [1.5, None, float("inf")],
            "1 Straße!": [True, None, False],
            "x" * 90: ["a", "", "\x1b[2J"],
            "condition": ["é" * 200, "é" * 200 + "2", None],
        }
    )
    for name in ("a.sav", "b.sav"):
        write_sav(table, tmp_path / name)
    assert (tmp_path / "a.sav").read_bytes() == (tmp_path / "b.sav").read_bytes()
    frame, meta = pyreadstat.read_sav(str(tmp_path / "a.sav"))
    assert list(frame.columns) == list(variable_names(table.columns).values())
    assert len(meta.variable_value_labels["condition"]) == 2
    assert frame["condition"].isna().tolist() == [False, False, True]


def test_spss_refuses_what_it_cannot_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="32,767"):
        write_sav(pl.DataFrame({"note": ["x" * 40000]}), tmp_path / "a.sav")
    monkeypatch.setattr("alliancekit.extras.find_spec", lambda _: None)
    with pytest.raises(MissingExtraError, match=r"alliancekit\[spss\]"):
        write_sav(pl.DataFrame({"a": [1]}), tmp_path / "a.sav")
    assert list(tmp_path.iterdir()) == []


@given(st.lists(st.text(), unique=True, max_size=8))
def test_variable_names_are_allowed_and_unlike_each_other(columns: list[str]) -> None:
    names = list(variable_names(columns).values())
    assert len({name.casefold() for name in names}) == len(columns)
    for name in names:
        assert name[0].isalpha()
        assert name.isascii()
        assert name.replace("_", "").isalnum()
        assert len(name) <= 64
        assert name.upper() not in {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}


def test_the_script_for_r_is_always_the_same_and_holds_nothing_from_data(talk: pl.DataFrame, tmp_path: Path) -> None:
    hostile = talk.with_columns(condition=pl.lit('x"); system("touch owned"); ("'))
    write_r_folder(hostile.lazy(), tmp_path / "r", scales=["task"], by="condition", outcome="age")
    ours = files("alliancekit.reporting.export").joinpath("r")
    for name in ("analysis.R", "README.md"):
        assert (tmp_path / "r" / name).read_bytes() == ours.joinpath(name).read_bytes()
    written = b"".join(path.read_bytes() for path in (tmp_path / "r").glob("*.csv"))
    assert b"cried" not in written
    assert talk["session_id"][0].encode() not in written, "ids need not leave the house for a model"
    sessions = pl.read_csv(tmp_path / "r" / "sessions.csv")
    assert sessions["outcome"].to_list() == [41.0] * talk["session_id"].n_unique()


def test_data_for_r_are_the_rows_of_our_own_model(one_scale: pl.DataFrame, tmp_path: Path) -> None:
    write_r_folder(one_scale.lazy(), tmp_path / "r", scales=["task"], by="condition", reference="grief")
    cells = pl.read_csv(tmp_path / "r" / "cells.csv")
    assert cells["turns"].sum() == one_scale.height
    assert cells["session"].n_unique() == one_scale["session_id"].n_unique()
    conditions = pl.read_csv(tmp_path / "r" / "conditions.csv")["condition"].to_list()
    assert conditions == ["grief", "anxiety", "depression", "suicidality"]


@pytest.mark.parametrize(("outcome", "error"), [("mood", ColumnError), ("site", DataError), ("emotion", ColumnError)])
def test_an_outcome_has_a_number_in_each_session(
    outcome: str, error: type[Exception], talk: pl.DataFrame, tmp_path: Path
) -> None:
    with pytest.raises(error, match=outcome):
        write_r_folder(talk.lazy(), tmp_path / "r", scales=["task"], by=None, outcome=outcome)
    assert not (tmp_path / "r").exists()
