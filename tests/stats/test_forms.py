"""Results in the three forms side by side: what `robust` says, and which scores each form reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import alliancekit as ak
from alliancekit.errors import ColumnError, ParameterError
from alliancekit.stats.forms import across_forms
from alliancekit.stats.sessions import session_table

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMS = ("own", "patient", "therapist")
Interval = tuple[float | None, float | None, float | None]


def stacked(*rows: Mapping[str, Interval]) -> pl.DataFrame:
    """Stack made-up results: (low, value, high) of each form, a row per scale."""

    def run(form: str) -> pl.DataFrame:
        low, value, high = zip(*(row[form] for row in rows), strict=True)
        columns = {"low": low, "value": value, "high": high}
        scale = [f"scale {at}" for at in range(len(rows))]
        return pl.DataFrame({"scale": scale, **columns}, schema_overrides=dict.fromkeys(columns, pl.Float64))

    return across_forms(run, keys=["scale"], value="value", low="low", high="high")


def robust(own: Interval, patient: Interval, therapist: Interval) -> bool | None:
    """Say what the three intervals amount to; all rows must say the same."""
    (verdict,) = stacked({"own": own, "patient": patient, "therapist": therapist})["robust"].unique().to_list()
    assert verdict is None or isinstance(verdict, bool)
    return verdict


ABOVE, BELOW, ACROSS, NONE = (0.1, 0.2, 0.3), (-0.3, -0.2, -0.1), (-0.1, 0.2, 0.3), (None, 0.2, None)


@pytest.mark.parametrize(
    ("intervals", "verdict"),
    [
        ((ABOVE, ABOVE, ABOVE), True),
        ((BELOW, BELOW, BELOW), True),
        ((ABOVE, BELOW, ABOVE), False),
        ((ABOVE, ABOVE, ACROSS), False),
        (((0.0, 0.2, 0.3), ABOVE, ABOVE), False),
        ((ABOVE, NONE, ABOVE), None),
        ((ACROSS, NONE, ABOVE), None),
        ((ABOVE, ABOVE, (None, None, None)), None),
    ],
)
def test_robust_means_one_side_of_zero_in_all_three(intervals: tuple[Interval, ...], verdict: bool | None) -> None:  # noqa: FBT001 - a parameter of the test
    assert robust(*intervals) is verdict


@given(st.permutations([ABOVE, ABOVE, ACROSS]))
def test_no_form_counts_more_than_another(intervals: list[Interval]) -> None:
    assert robust(*intervals) is False


def test_each_row_is_judged_for_itself_and_the_forms_are_stacked_in_order() -> None:
    yes, no = dict.fromkeys(FORMS, ABOVE), dict.fromkeys(FORMS, ACROSS)
    table = stacked(yes, no, yes)
    assert table.columns == ["scale", "low", "value", "high", "form", "robust"]
    assert table["form"].to_list() == [form for form in FORMS for _ in range(3)]
    assert table["robust"].to_list() == [True, False, True] * 3


def test_a_row_that_one_form_lacks_is_not_judged() -> None:
    def run(form: str) -> pl.DataFrame:
        scales = ["task"] if form == "patient" else ["task", "bond"]
        return pl.DataFrame({"scale": scales, "value": 0.2, "low": 0.1, "high": 0.3})

    table = across_forms(run, keys=["scale"], value="value", low="low", high="high")
    assert dict(table.filter(pl.col("form") == "own").select("scale", "robust").iter_rows()) == {
        "task": True,
        "bond": None,
    }


def test_a_null_label_is_a_group_like_another() -> None:
    def run(form: str) -> pl.DataFrame:
        high = 0.3 if form == "own" else 0.4
        return pl.DataFrame({"condition": [None, "grief"], "value": [0.2, 0.2], "low": [0.1, -0.1], "high": high})

    table = across_forms(run, keys=["condition"], value="value", low="low", high="high")
    assert table["robust"].to_list() == [True, False] * 3


def test_a_label_may_not_hide_the_form() -> None:
    with pytest.raises(ParameterError, match="form"):
        across_forms(lambda _: pl.DataFrame(), keys=["form"], value="value", low="low", high="high")


def corpus(sessions: int = 8) -> pl.DataFrame:
    """Turns whose gap is .5 in own form, .2 in the patient's and -.3 in the therapist's."""
    rows = [
        (f"s{session}", turn, ("patient", "therapist")[turn % 2], 0.01 * ((session * 7 + turn * 3) % 11), turn % 2)
        for session in range(sessions)
        for turn in range(20)
    ]
    turns = pl.DataFrame(rows, schema=["session_id", "turn_index", "role", "noise", "side"], orient="row")
    gaps = {"bond": 0.5, "bond_patient_form": 0.2, "bond_therapist_form": -0.3}
    return turns.select(
        "session_id",
        "turn_index",
        "role",
        *[(pl.col("noise") + gap * pl.col("side")).alias(name) for name, gap in gaps.items()],
    )


def test_each_form_of_the_gap_reads_its_own_scores() -> None:
    turns = corpus()
    table = ak.gap(turns, form="all", resamples=99)
    assert table["form"].to_list() == list(FORMS)
    assert table["gap"].to_list() == pytest.approx([0.5, 0.2, -0.3], abs=0.02)
    assert table["robust"].to_list() == [False] * 3
    for at, form in enumerate(FORMS):
        alone = ak.gap(turns, form=form, resamples=99)
        assert alone.columns == table.columns[:-2]
        assert_frame_equal(table[at].drop("form", "robust"), alone, check_exact=True)


def test_a_form_is_the_scale_with_that_forms_scores() -> None:
    turns = corpus()
    renamed = turns.drop("bond").rename({"bond_patient_form": "bond"})
    assert_frame_equal(ak.gap(turns, form="patient", resamples=99), ak.gap(renamed, resamples=99), check_exact=True)


def test_forms_that_agree_are_robust_and_few_clusters_leave_it_open() -> None:
    agreeing = corpus().with_columns(bond_therapist_form=pl.col("bond"))
    assert ak.gap(agreeing, form="all", resamples=99)["robust"].to_list() == [True] * 3
    few = agreeing.filter(pl.col("session_id") < "s4")
    assert ak.gap(few, form="all", resamples=99)["robust"].to_list() == [None] * 3


def test_what_a_table_lacks_for_a_form_is_said() -> None:
    with pytest.raises(ColumnError, match=r"bond_patient_form.*--forms all"):
        ak.gap(corpus().drop("^.*_form$"), form="all")
    with pytest.raises(ParameterError, match="turn scores"):
        session_table(ak.sessions(corpus()), form="patient")
    with pytest.raises(ParameterError, match="form must be one of"):
        ak.gap(corpus(), form="both")
