"""Who is compared with whom, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.errors import AllianceError, ColumnError, DataError, ParameterError

if TYPE_CHECKING:
    from collections.abc import Sequence


def sessions(labels: pl.DataFrame) -> pl.DataFrame:
    """A session table of one scale with these labels; the gap of session i is i²."""
    gap = pl.int_range(pl.len()).cast(pl.Float64) ** 2
    return labels.with_columns(
        session_id=pl.format("s{}", pl.int_range(pl.len()).cast(pl.String).str.zfill(3)),
        scale=pl.lit("bond"),
        patient_mean=pl.lit(0.0),
        therapist_mean=gap,
        gap=gap,
        gap_product=gap,
        n_patient=pl.lit(5),
        n_therapist=pl.lit(5),
    )


def labelled(names: Sequence[str | None]) -> pl.DataFrame:
    return sessions(pl.DataFrame({"condition": pl.Series(names, dtype=pl.String)}))


def lists(names: list[list[str] | None]) -> pl.DataFrame:
    return sessions(pl.DataFrame({"labels": pl.Series(names, dtype=pl.List(pl.String))}))


def rows(table: pl.DataFrame, **options: Any) -> dict[str, dict[str, Any]]:  # noqa: ANN401 - by name
    """The rows for the gap by reference."""
    found = ak.compare(table, **{"measures": "gap", "resamples": 99, **options})
    return {row["reference"]: row for row in found.iter_rows(named=True)}


def test_with_one_other_condition_the_rest_is_that_condition() -> None:
    assert list(rows(labelled(["a"] * 7 + ["b"] * 7), target="a")) == ["b"]
    assert rows(labelled(["a"] * 7 + ["b"] * 7), target="a", reference="rest")["rest"]["n_reference"] == 7


def test_references_are_restricted_to_those_asked_for() -> None:
    table = labelled(["a"] * 7 + ["b"] * 7 + ["c"] * 7)
    whole = rows(table, target="a")
    assert list(whole) == ["b", "c", "rest"]
    assert list(rows(table, target="a", reference="c")) == ["c"]
    restricted = rows(table, target="a", reference=["rest", "c"])
    assert list(restricted) == ["c", "rest"]
    assert {**restricted["c"], "p_adjusted": None} == {**whole["c"], "p_adjusted": None}


def test_sessions_without_a_condition_are_left_out_and_counted() -> None:
    whole = rows(labelled(["a"] * 7 + ["b"] * 7 + ["c"] * 7 + [None] * 3), target="a")
    assert (whole["rest"]["n_target"], whole["rest"]["n_reference"]) == (7, 14)
    assert all("sessions left out, without a condition: 3" in row["note"] for row in whole.values())
    assert "left out" not in rows(labelled(["a"] * 7 + ["b"] * 7), target="a")["b"]["note"]


def test_a_session_with_both_labels_is_the_targets() -> None:
    table = lists([["a"]] * 6 + [["a", "b"]] * 2 + [["b"]] * 7 + [["b", "c"]] * 6 + [[]] * 2 + [None])
    found = rows(table, by="labels", target="a")
    assert {name: (row["n_target"], row["n_reference"]) for name, row in found.items()} == {
        "b": (8, 13),
        "c": (8, 6),
        "rest": (8, 15),
    }
    assert "sessions left out, without a condition: 1" in found["rest"]["note"]


def test_boolean_columns_are_conditions_by_their_names() -> None:
    a = [True] * 8 + [False] * 15 + [None]
    b = [False] * 6 + [True] * 15 + [False] * 2 + [True]
    c = [None] * 15 + [True] * 6 + [False] * 3
    table = sessions(pl.DataFrame({"a": a, "b": b, "c": c}))
    found = rows(table, by=["c", "a", "b"], target="a")
    assert {name: (row["n_target"], row["n_reference"]) for name, row in found.items()} == {
        "b": (8, 13),
        "c": (8, 6),
        "rest": (8, 15),
    }
    assert list(rows(table, by="a", target="a")) == ["rest"]


@given(st.lists(st.sets(st.sampled_from("abc"), max_size=3), min_size=3, max_size=20))
def test_lists_and_boolean_columns_say_the_same(labels: list[set[str]]) -> None:
    labels = [{"a"}, set(), {"b"}, {"c"}, *labels]
    as_lists = lists([sorted(one) for one in labels])
    columns = pl.DataFrame({name: [name in one for one in labels] for name in "abc"})
    by_list = ak.compare(as_lists, by="labels", target="a", resamples=99)
    assert_frame_equal(by_list, ak.compare(sessions(columns), by=["a", "b", "c"], target="a", resamples=99))


def test_numbers_and_categories_are_labels_too() -> None:
    names = ["a"] * 7 + ["b"] * 7
    expected = ak.compare(labelled(names), target="a", resamples=99)
    categories = labelled(names).with_columns(pl.col("condition").cast(pl.Categorical))
    assert_frame_equal(ak.compare(categories, target="a", resamples=99), expected)
    numbers = labelled(names).with_columns(arm=pl.col("condition").replace_strict({"a": 1, "b": 2}))
    assert rows(numbers, by="arm", target="1")["2"]["difference"] == expected["difference"][0]


def test_few_clusters_have_no_interval_or_are_flagged() -> None:
    (row,) = rows(labelled(["a"] * 5 + ["b"] * 30), target="a").values()
    assert (row["ci_low"], row["ci_high"], row["p_value"], row["p_adjusted"]) == (None, None, None, None)
    assert row["note"].startswith("no interval and no p: 5 clusters in the target, 6 are needed")
    assert row["difference"] == pytest.approx(sum(i * i for i in range(5)) / 5 - sum(i * i for i in range(5, 35)) / 30)
    (row,) = rows(labelled(["a"] * 6 + ["b"] * 20), target="a").values()
    assert row["note"].startswith("few clusters (6 in the target): read with care")
    assert row["ci_low"] < row["difference"] < row["ci_high"]
    (row,) = rows(labelled(["a"] * 20 + ["b"] * 20), target="a", resamples=399).values()
    assert row["note"] == "labels permuted: 40 sessions; clusters: sessions"


def test_values_that_do_not_vary_have_no_interval() -> None:
    table = labelled(["a"] * 8 + ["b"] * 8).with_columns(gap=pl.lit(0.5))
    (row,) = rows(table, target="a").values()
    assert (row["difference"], row["ci_low"], row["p_value"], row["effect_size"]) == (0.0, None, None, None)
    assert "clusters do not vary" in row["note"]


def test_an_arm_without_a_gap_has_no_difference() -> None:
    table = labelled(["a"] * 8 + ["b"] * 8 + ["c"] * 8).with_columns(
        gap=pl.when(pl.col("condition") == "b").then(None).otherwise(pl.col("gap"))
    )
    row = rows(table, target="a", largest=True)["b"]
    assert (row["difference"], row["n_reference"], row["p_value"]) == (None, 0, None)
    assert "0 clusters in the reference" in row["note"]


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"target": "anxeity"}, ParameterError, "did you mean 'anxiety'"),
        ({"target": "zzz"}, ParameterError, "'anxiety', 'grief', 'worry'"),
        ({"target": 3}, ParameterError, "not int"),
        ({"target": "anxiety", "reference": "greif"}, ParameterError, "did you mean 'grief'"),
        ({"target": "anxiety", "reference": "anxiety"}, ParameterError, "none of the other conditions"),
        ({"target": "anxiety", "reference": "grief", "largest": True}, ParameterError, "leave reference out"),
        ({"target": "anxiety", "measures": ["gaps"]}, ParameterError, "misalignment, closing_rate"),
        ({"target": "anxiety", "measures": []}, ParameterError, "at least one"),
        ({"target": "anxiety", "weight": "equal"}, ParameterError, "session, cluster, turn"),
        ({"target": "anxiety", "form": "mine"}, ParameterError, "form"),
        ({"target": "anxiety", "by": "cndition"}, ColumnError, "cndition"),
        ({"target": "anxiety", "by": "gap"}, ColumnError, "not a label"),
        ({"target": "anxiety", "by": ["condition", "ward"]}, ColumnError, "several Boolean columns"),
        ({"target": "anxiety", "covariates": "ward"}, ColumnError, "numbers are needed"),
        ({"target": "anxiety", "covariates": "gap_mid"}, ParameterError, "made of the scores"),
        ({"target": "anxiety", "covariates": "sesion_number"}, ColumnError, "sesion_number"),
        ({"target": "anxiety", "form": "all"}, ParameterError, "session table"),
    ],
)
def test_what_is_wrong_is_named(options: dict[str, Any], error: type[AllianceError], words: str) -> None:
    table = labelled(["anxiety"] * 7 + ["grief"] * 7 + ["worry"] * 7).with_columns(ward=pl.lit("w"))
    with pytest.raises(error, match=words):
        ak.compare(table, **options)


def test_one_condition_has_nothing_to_be_compared_with() -> None:
    with pytest.raises(DataError, match="nothing to compare it with"):
        ak.compare(labelled(["a"] * 9), target="a")


def test_a_condition_may_not_have_the_name_of_the_rest() -> None:
    with pytest.raises(ParameterError, match="rename it"):
        ak.compare(labelled(["a"] * 7 + ["rest"] * 7), target="a")


def test_a_condition_that_varies_within_a_session_is_refused() -> None:
    turns = pl.DataFrame(
        {
            "session_id": ["s"] * 4,
            "turn_index": range(4),
            "role": ["patient", "therapist"] * 2,
            "condition": ["a", "a", "a", "b"],
            "bond": [0.1, 0.2, 0.3, 0.4],
        }
    )
    with pytest.raises(DataError, match="varies within session"):
        ak.compare(turns, target="a")


def test_a_session_table_needs_each_session_once_on_each_scale() -> None:
    table = labelled(["a"] * 7 + ["b"] * 7)
    with pytest.raises(DataError, match="twice"):
        ak.compare(pl.concat([table, table.head(1)]), target="a")
    with pytest.raises(DataError, match="one row for each scale"):
        ak.compare(pl.concat([table, table.head(3).with_columns(scale=pl.lit("task"))]), target="a")
