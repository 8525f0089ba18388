"""The numbers on the page are those of the functions that users call."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import alliancekit as ak

if TYPE_CHECKING:
    from collections.abc import Callable

PLAN: dict[str, Any] = {"resamples": 99}


def expected(turns: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {
        "overall": ak.gap(turns, **PLAN),
        "by_condition": ak.gap(turns, by="condition", **PLAN),
        "contrast": ak.compare(turns, target="suicidality", largest=True, **PLAN),
        "trajectories": ak.trajectories(turns, by="condition", bins=3, **PLAN),
        "convergence": ak.convergence(turns, by="condition", coupling=False, **PLAN),
    }


def embedded(parsed: Any) -> dict[str, list[dict[str, Any]]]:  # noqa: ANN401 - the page's elements
    (text,) = [text for attributes, text in parsed.scripts if attributes.get("id") == "results"]
    found: dict[str, list[dict[str, Any]]] = json.loads(text)
    return found


def test_embedded_results_are_those_of_the_functions(
    turns: pl.DataFrame, page: str, parsed: Callable[[str], Any]
) -> None:
    found = embedded(parsed(page))
    assert found.keys() == expected(turns).keys()
    for name, table in expected(turns).items():
        again = pl.DataFrame(found[name], schema=table.schema)
        assert_frame_equal(again, table, check_exact=True)


def test_every_number_of_the_tables_has_its_value_in_full(
    turns: pl.DataFrame, page: str, parsed: Callable[[str], Any]
) -> None:
    shown = {float(found["value"]) for tag, found in parsed(page).elements if tag == "data"}
    tables = expected(turns)
    columns = {
        "overall": ["patient_mean", "therapist_mean", "gap", "p_value", "p_adjusted", "effect_size", "misalignment"],
        "by_condition": ["gap", "p_value", "p_adjusted", "misalignment"],
        "contrast": ["difference", "p_value", "p_adjusted", "effect_size"],
        "trajectories": ["mean"],
        "convergence": ["closing_rate", "p_value", "p_adjusted"],
    }
    for name, names in columns.items():
        for column in names:
            assert set(tables[name][column].drop_nulls()) <= shown, (name, column)


def test_the_answers_say_what_the_tables_say(turns: pl.DataFrame, make: Callable[..., str]) -> None:
    higher = turns.with_columns(
        pl.when(pl.col("role") == "therapist").then(pl.col("task") + 5).otherwise("task").alias("task"),
        pl.when(pl.col("role") == "therapist").then(pl.col("bond") - 5).otherwise("bond").alias("bond"),
    )
    page = make(higher)
    assert "On task, therapists’ language was scored higher than patients’. On bond, it was scored lower." in page


@pytest.mark.parametrize(("bond", "words"), [(3.0, "was larger in suicidality"), (0.0, "it is not shown that")])
def test_largest_of_all_needs_the_contrast_with_every_other(
    bond: float, words: str, turns: pl.DataFrame, make: Callable[..., str]
) -> None:
    scored = turns.filter(pl.col("condition") != "grief").drop("task")
    up = (pl.col("role") == "therapist") & (pl.col("condition") == "suicidality")
    noise = pl.col("bond") - pl.when(up).then(0.8).otherwise(0.0)
    page = make(scored.with_columns(noise + pl.when(up).then(bond).otherwise(0.0)), target="suicidality")
    assert words in page


def test_a_session_table_gives_the_same_numbers_without_curves(turns: pl.DataFrame, make: Callable[..., str]) -> None:
    page = make(ak.sessions(turns), target="suicidality")
    assert "no curves within the session" in page
    gap = ak.gap(turns, **PLAN)["gap"][0]
    assert f'<data value="{gap!r}">' in page


def test_three_forms_stand_side_by_side(turns: pl.DataFrame, make: Callable[..., str]) -> None:
    forms = [
        (pl.col(scale) + shift).alias(f"{scale}_{role}_form")
        for scale in ("task", "bond")
        for role, shift in (("patient", 0.1), ("therapist", 0.2))
    ]
    frame = turns.with_columns(forms)
    page = make(frame)
    assert "own wording" in page
    assert "score with --forms all" not in page
    overall = ak.gap(frame, form="all", **PLAN)
    for value in overall["gap"]:
        assert f'<data value="{value!r}">' in page
