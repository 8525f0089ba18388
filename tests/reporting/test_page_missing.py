"""What is missing in the data is said on the page, and the page is still one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import alliancekit as ak
from alliancekit.errors import ColumnError, DataError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

QUESTIONS = ("scored", "higher", "where", "closing", "look", "trust", "methods")


def one_session(turns: pl.DataFrame) -> pl.DataFrame:
    return turns.filter(pl.col("session_id") == turns["session_id"][0])


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda turns: turns.drop("condition"), "The scores have no conditions"),
        (one_session, "One session: nothing can be said about others"),
        (lambda turns: one_session(turns).drop("condition"), "No conditions."),
        (lambda turns: turns.filter(role="patient"), "There are no scored turns of therapists"),
        (lambda turns: turns.filter(role="therapist"), "There are no scored turns of patients"),
        (lambda turns: turns.filter(role="patient"), "No session has scored turns of both roles, so there is no gap."),
        (lambda turns: turns.filter(condition="anxiety"), "There are no two conditions"),
        (lambda turns: turns.filter(pl.col("turn_index") < 2), "None can be named"),
        (lambda turns: turns.with_columns(task=pl.lit(None, pl.Float32)), "no scored turns"),
        (lambda turns: turns.with_columns(condition=pl.lit(None, pl.String)), "not stated"),
        (lambda turns: turns.drop("n_tokens", "truncated"), "not known: the table does not say"),
        (lambda turns: turns, "nothing here was compared with questionnaires"),
    ],
)
def test_the_page_says_what_is_missing(
    change: Callable[[pl.DataFrame], pl.DataFrame],
    words: str,
    one_scale: pl.DataFrame,
    make: Callable[..., str],
    parsed: Callable[[str], Any],
) -> None:
    found = parsed(make(change(one_scale)))
    assert words in found.text
    sections = [attributes["id"] for tag, attributes in found.elements if tag == "section"]
    assert tuple(sections) == QUESTIONS
    assert "nan" not in found.text.casefold().split()


def test_a_target_needs_another_condition(one_scale: pl.DataFrame, make: Callable[..., str]) -> None:
    page = make(one_scale.filter(condition="anxiety"), target="anxiety")
    assert "All sessions have one condition; there is nothing to compare it with." in page


def test_conditions_may_be_lists_numbers_and_truths(one_scale: pl.DataFrame, make: Callable[..., str]) -> None:
    grief = pl.col("condition") == "grief"
    both = pl.when(grief).then(pl.concat_list("condition", pl.lit("anxiety"))).otherwise(pl.concat_list("condition"))
    page = make(one_scale.with_columns(condition=both), target="anxiety")
    assert '<bdi>anxiety</bdi></td><td class="number"><data value="15">15</data>' in page
    truths = make(one_scale.with_columns(condition=pl.col("condition") == "anxiety"))
    assert "<bdi>yes</bdi>" in truths


def test_many_conditions_are_all_in_the_table_and_some_in_the_picture(
    one_scale: pl.DataFrame, make: Callable[..., str]
) -> None:
    each = one_scale.with_columns(condition=pl.format("label {}", "session_id"))
    page = make(each)
    assert "drawn are the 24 of 32 conditions with the most sessions" in page
    assert "Curves of the 8 of 32 conditions" in page
    for session in one_scale["session_id"].unique():
        assert f"<bdi>label {session}</bdi>" in page


@pytest.mark.parametrize(
    ("choices", "error", "words"),
    [
        ({"by": "diagnosis"}, ColumnError, "no column 'diagnosis'"),
        ({"target": "grif"}, ParameterError, "no session has the condition 'grif'"),
        ({"by": None, "target": "grief"}, ColumnError, "no condition can be the target"),
        ({"quotes": True}, ColumnError, "--keep-text"),
        ({"quotes": True, "suppress_small_cells": True}, ParameterError, "small cells"),
        ({"minimum_turns": 0}, ParameterError, "at least 1"),
        ({"scales": ["trust"]}, ColumnError, "trust"),
    ],
)
def test_what_cannot_be_done_is_refused_and_leaves_no_page(
    choices: dict[str, Any], error: type[Exception], words: str, turns: pl.DataFrame, tmp_path: Path
) -> None:
    with pytest.raises(error, match=words):
        ak.report(turns, tmp_path / "r.html", resamples=99, **choices)
    assert list(tmp_path.iterdir()) == []


def test_other_suffixes_and_empty_tables_are_refused(turns: pl.DataFrame, tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match=r"\.html"):
        ak.report(turns, tmp_path / "report.pdf")
    with pytest.raises(DataError, match="no rows"):
        ak.report(turns.clear(), tmp_path / "report.html")
