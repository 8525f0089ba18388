"""Which rows a note is about, said as shortly as it can be."""

from __future__ import annotations

import polars as pl

from alliancekit.notes import MOST_SUBJECTS, notes


def noted(rows: list[tuple[str, str, str, str | None]]) -> list[str]:
    table = pl.DataFrame(rows, schema=["measure", "reference", "scale", "note"], orient="row")
    return notes(table, ["measure", "reference"])


def test_only_what_distinguishes_the_rows_is_named() -> None:
    rows: list[tuple[str, str, str, str | None]] = [
        (measure, reference, scale, "; ".join(remarks))
        for measure in ("gap", "misalignment")
        for reference in ("anxiety", "depression", "rest")
        for scale in ("task", "bond")
        for remarks in [
            [
                "all",
                *(["squared"] if measure == "misalignment" else []),
                *(["few"] if reference != "rest" and scale == "task" else []),
            ]
        ]
    ]
    assert noted(rows) == ["all", "few (anxiety, depression; task)", "squared (misalignment)"]


def test_rows_that_are_no_choice_of_values_are_named_group_by_group() -> None:
    rows: list[tuple[str, str, str, str | None]] = [
        ("gap", "a", "task", "few"),
        ("gap", "a", "bond", "few"),
        ("gap", "b", "task", "few"),
        ("gap", "b", "bond", None),
    ]
    assert noted(rows) == ["few (gap, a; gap, b: task)"]


def test_a_long_list_is_cut_and_counted() -> None:
    rows: list[tuple[str, str, str, str | None]] = [("gap", f"r{at:04}", "task", "few") for at in range(1000)]
    told = noted([*rows, ("gap", "other", "task", None)])[0]
    assert told.count(", ") == MOST_SUBJECTS
    assert told.endswith(f"{1000 - MOST_SUBJECTS} more)")
