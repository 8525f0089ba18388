"""What is wrong with a table of turns is said in words, by `sessions` and by `gap`; nothing is silently missing."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl
import pytest

import alliancekit as ak
from alliancekit.errors import AllianceError, ColumnError, DataError, ParameterError, RoleError
from alliancekit.stats.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Callable

FUNCTIONS = [ak.sessions, ak.gap]
AT = pl.int_range(pl.len()) == 17


@pytest.fixture(scope="module")
def turns() -> pl.DataFrame:
    """Eight sessions of a condition, by two therapists."""
    return simulate({"grief": 8}, turns=12, scales=("bond",), sessions_per_dyad=1, dyads_per_therapist=4, seed=1)


def changed(column: str, value: object) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """Put `value` in one turn."""
    return lambda turns: turns.with_columns(pl.when(AT).then(pl.lit(value)).otherwise(column).alias(column))


def cast(column: str, dtype: type[pl.DataType]) -> Callable[[pl.DataFrame], pl.DataFrame]:
    return lambda turns: turns.with_columns(pl.col(column).cast(dtype))


UNFIT: list[tuple[str, Callable[[pl.DataFrame], pl.DataFrame], type[AllianceError], str]] = [
    ("NaN", changed("bond", math.nan), DataError, "column 'bond' has NaN or infinity in session '"),
    ("infinity", changed("bond", -math.inf), DataError, "column 'bond' has NaN or infinity in session '"),
    ("a turn twice", lambda turns: pl.concat([turns, turns[17:18]]), DataError, "has a turn_index twice"),
    ("no turn_index", changed("turn_index", None), DataError, "column 'turn_index' is null in 1 turns"),
    ("no session_id", changed("session_id", None), DataError, "column 'session_id' is null in 1 turns"),
    ("a third role", changed("role", "observer"), RoleError, "has the role 'observer'"),
    ("no role", changed("role", None), RoleError, "has the role None"),
    ("two conditions", changed("condition", "worry"), DataError, "column 'condition' varies within session '"),
    ("two therapists", changed("therapist_id", "x"), DataError, "column 'therapist_id' varies within session '"),
    ("half a condition", changed("condition", None), DataError, "column 'condition' varies within session '"),
    ("words for scores", cast("bond", pl.String), ColumnError, "column 'bond' holds String, where numbers"),
    ("words for tokens", cast("n_tokens", pl.String), ColumnError, "column 'n_tokens' holds String, where numbers"),
    (
        "numbers for roles",
        lambda turns: turns.with_columns(role=pl.col("turn_index") % 2),
        ColumnError,
        "column 'role' holds Int64; roles are the words patient and therapist",
    ),
    ("no scores", lambda turns: turns.drop("bond", "total"), ColumnError, "no score columns"),
    ("no sessions", lambda turns: turns.drop("session_id"), ColumnError, "there is no column 'session_id'"),
]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(("change", "error", "message"), [case[1:] for case in UNFIT], ids=[case[0] for case in UNFIT])
def test_an_unfit_table_is_refused_by_name(
    turns: pl.DataFrame,
    function: Callable[[pl.DataFrame], pl.DataFrame],
    change: Callable[[pl.DataFrame], pl.DataFrame],
    error: type[AllianceError],
    message: str,
) -> None:
    with pytest.raises(error, match=message) as caught:
        function(change(turns))
    assert type(caught.value) is error


def test_null_scores_throughout_keep_their_rows_and_say_so(turns: pl.DataFrame) -> None:
    nothing = turns.with_columns(bond=None)
    assert set(ak.sessions(nothing, scales=["bond"])["reason"]) == {"no scored turns"}
    row = ak.gap(nothing, scales=["bond"]).row(0, named=True)
    assert (row["gap"], row["ci_low"], row["p_value"], row["n_sessions"]) == (None, None, None, 0)
    assert row["note"].startswith("no session with both roles")


def test_one_role_alone_keeps_its_rows_and_says_so(turns: pl.DataFrame) -> None:
    alone = turns.filter(role="patient")
    assert set(ak.sessions(alone)["reason"]) == {"no scored therapist turns"}
    assert all(note.startswith("no session with both roles") for note in ak.gap(alone)["note"])


def test_one_session_has_a_gap_and_no_interval(turns: pl.DataFrame) -> None:
    one = turns.filter(session_id=turns["session_id"][0])
    table = ak.sessions(one)
    assert table["gap"].null_count() == 0
    assert table["gap_shrunken"].null_count() == table.height
    row = ak.gap(one, by="condition").row(0, named=True)
    assert (row["ci_low"], row["p_value"], row["effect_size"]) == (None, None, None)
    assert "1 cluster, 6 are needed" in row["note"]


def test_one_condition_is_a_group_of_its_own(turns: pl.DataFrame) -> None:
    table = ak.gap(turns, by="condition")
    assert table["condition"].unique().to_list() == ["grief"]
    assert table["n_sessions"].to_list() == [8, 8]


def test_constant_scores_have_no_interval_and_say_so(turns: pl.DataFrame) -> None:
    constant = turns.with_columns(bond=pl.lit(0.25)).drop("therapist_id")
    assert set(ak.sessions(constant, scales=["bond"])["reason"]) == {"constant scores: congruence is not defined"}
    row = ak.gap(constant, scales=["bond"]).row(0, named=True)
    assert (row["gap"], row["ci_low"], row["p_value"], row["effect_size"]) == (0.0, None, None, None)
    assert "clusters do not vary" in row["note"]


@pytest.mark.parametrize(
    ("dropped", "level"),
    [([], "therapist"), (["therapist_id"], "patient"), (["therapist_id", "patient_id"], "session")],
)
def test_what_is_independent_is_named(turns: pl.DataFrame, dropped: list[str], level: str) -> None:
    notes = ak.gap(turns.drop(dropped))["note"]
    assert all(f"clusters: {level}s" in note for note in notes)


def test_a_therapist_who_is_not_always_known_is_counted(turns: pl.DataFrame) -> None:
    first = turns["session_id"][0]
    some = turns.with_columns(therapist_id=pl.when(pl.col("session_id") != first).then("therapist_id"))
    assert all("1 sessions without therapist_id are clustered by patient" in note for note in ak.gap(some)["note"])


def test_arguments_that_make_no_sense_are_refused(turns: pl.DataFrame) -> None:
    with pytest.raises(ParameterError, match="weight must be one of turn, token"):
        ak.sessions(turns, weight="length")
    with pytest.raises(ColumnError, match="there is no column 'n_tokens'"):
        ak.sessions(turns.drop("n_tokens"), min_tokens=3)
    with pytest.raises(ColumnError, match="there is no column 'site'"):
        ak.sessions(turns, by=["site"])
    with pytest.raises(ColumnError, match="needs the columns bond_patient_form, total_patient_form"):
        ak.sessions(turns, form="patient")


def test_a_table_without_turns_gives_a_table_without_sessions(turns: pl.DataFrame) -> None:
    empty = ak.sessions(turns.clear())
    assert empty.schema == ak.sessions(turns).schema
    assert empty.is_empty()
    with pytest.raises(DataError, match="no rows"):
        ak.gap(turns.clear())
