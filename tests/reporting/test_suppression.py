"""Groups of fewer than five sessions can be told from nothing on the page."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

import alliancekit as ak

if TYPE_CHECKING:
    from collections.abc import Callable


def results(page: str) -> dict[str, list[dict[str, Any]]]:
    text = re.search(r'id="results">(.*?)</script>', page, flags=re.DOTALL)
    assert text is not None
    found: dict[str, list[dict[str, Any]]] = json.loads(text[1])
    return found


@pytest.fixture(scope="module")
def suppressed(one_scale: pl.DataFrame, make: Callable[..., str]) -> str:
    return make(one_scale, target="anxiety", suppress_small_cells=True)


def test_the_small_group_goes_and_takes_the_next_smallest_with_it(suppressed: str) -> None:
    found = results(suppressed)
    gone = {row["condition"] for row in found["by_condition"] if row["gap"] is None}
    assert gone == {"grief", "suicidality"}, "grief alone would follow from the total"
    for name in ("by_condition", "convergence", "trajectories"):
        for row in found[name]:
            hidden = row["condition"] in gone
            numbers = [value for value in row.values() if isinstance(value, float)]
            assert not hidden or numbers == ([row["u"]] if "u" in row else []), (name, row)
            assert row["note"].startswith("suppressed") == hidden


def test_contrasts_with_what_is_gone_go_too(suppressed: str) -> None:
    for row in results(suppressed)["contrast"]:
        concerned = row["reference"] in ("grief", "suicidality", "every other")
        assert (row["difference"] is None) == concerned, row


def test_no_value_of_a_small_group_is_anywhere_on_the_page(one_scale: pl.DataFrame, suppressed: str) -> None:
    grief = ak.gap(one_scale, by="condition", resamples=99).filter(condition="grief")
    for name in ("gap", "patient_mean", "therapist_mean", "misalignment"):
        for value in grief[name]:
            assert repr(value) not in suppressed
    sessions = one_scale.filter(condition="grief")["session_id"].unique()
    assert not [session for session in one_scale["session_id"].unique() if session in suppressed]
    assert len(sessions) == 3
    assert "Sessions are not listed: each is a cell of one" in suppressed
    assert "Groups of fewer than 5 sessions were suppressed." in suppressed


def test_hidden_groups_have_five_sessions_together(one_scale: pl.DataFrame, make: Callable[..., str]) -> None:
    first = one_scale.filter(condition="grief")["session_id"].unique().sort()[0]
    label = pl.when(pl.col("session_id") == first).then(pl.lit("loss")).otherwise("condition")
    page = make(one_scale.with_columns(condition=label), suppress_small_cells=True)
    gone = {row["condition"] for row in results(page)["by_condition"] if row["gap"] is None}
    assert gone == {"grief", "loss", "suicidality"}


def test_large_groups_are_as_they_are_without_it(one_scale: pl.DataFrame, make: Callable[..., str]) -> None:
    large = one_scale.filter(pl.col("condition") != "grief")
    plain, careful = (results(make(large, suppress_small_cells=choice)) for choice in (False, True))
    assert plain["by_condition"] == careful["by_condition"]
    assert plain["overall"] == careful["overall"]


def test_a_corpus_that_is_itself_a_small_cell_says_so(one_scale: pl.DataFrame, make: Callable[..., str]) -> None:
    page = make(one_scale.filter(condition="grief").drop("condition"), suppress_small_cells=True)
    assert all(row["gap"] is None for row in results(page)["overall"])
    assert "suppressed: a group of fewer than 5 sessions" in page.casefold()


def test_small_counts_of_what_is_left_out_are_not_told(one_scale: pl.DataFrame, make: Callable[..., str]) -> None:
    ids = one_scale.filter(condition="anxiety")["session_id"].unique().sort()[:2]
    lacking = pl.col("session_id").is_in(ids.to_list()) & (pl.col("role") == "therapist")
    frame = one_scale.filter(~lacking)
    page = make(frame, suppress_small_cells=True)
    assert not re.search(r"\b2 sessions", page)
    assert page.count("fewer than 5 sessions") >= 3
    assert "without scored turns of both roles: 2 sessions" in make(frame)
