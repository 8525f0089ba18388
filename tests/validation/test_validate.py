"""Scores beside ratings: what is found where it is there, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

import alliancekit as ak
from alliancekit.cli.app import app
from alliancekit.errors import ColumnError, DataError, ParameterError
from alliancekit.validation.measures import agreement

if TYPE_CHECKING:
    from pathlib import Path

SESSIONS = 60


def corpus(noise: float, *, seed: int = 0) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return turns of 60 sessions of 20 therapists, and ratings that are the patient's level on another metric."""
    chance = np.random.default_rng(seed)
    level = chance.normal(size=SESSIONS)
    turns = pl.DataFrame(
        [
            (f"{n}", turn, ("patient", "therapist")[turn % 2], f"t{n % 20}", level[n] * (turn % 2 == 0))
            for n in range(SESSIONS)
            for turn in range(4)
        ],
        schema=["session_id", "turn_index", "role", "therapist_id", "bond"],
        orient="row",
    )
    rated = pl.DataFrame(
        {
            "session_id": [f"{n}" for n in range(SESSIONS)],
            "patient_bond": 5 + 2 * level + noise * chance.normal(size=SESSIONS),
            "therapist_bond": 6 + chance.normal(size=SESSIONS),
        }
    )
    return turns, rated


def value(table: pl.DataFrame, **which: str) -> float:
    row = table.filter(*(pl.col(name) == wanted for name, wanted in which.items()))
    assert row.height == 1
    found = row["value"].item()
    assert isinstance(found, float)
    return found


def test_a_score_that_is_the_rating_on_another_metric() -> None:
    table = ak.validate(*corpus(0.0))
    own = {"question": "inferred against rated", "of": "patient's language"}
    assert value(table, **own, measure="correlation") == pytest.approx(1)
    assert value(table, **own, measure="cross-validated R2") == pytest.approx(1)
    # The therapist knows nothing here, and the patient's language everything.
    assert value(table, measure="gain in R2") > 0.9
    assert table["n_clusters"].to_list() == [20] * table.height
    assert set(table["scale"]) == {"bond"}
    assert "ICC(A,1)" not in set(table["measure"])


def test_language_that_has_nothing_to_do_with_ratings_gains_nothing() -> None:
    turns, rated = corpus(0.0)
    others = rated.with_columns(patient_bond=pl.col("patient_bond").reverse())
    table = ak.validate(turns, others)
    row = table.filter(measure="correlation", of="patient's language", against="patient's rating").row(0, named=True)
    assert row["ci_low"] < 0 < row["ci_high"]
    assert value(table, measure="gain in R2") < 0.1


def test_the_corrective_signal_is_called_a_candidate() -> None:
    table = ak.validate(*corpus(1.0)).filter(question="corrective signal")
    assert table.height == 2
    assert all(note.startswith("a candidate: unvalidated") for note in table["note"])


def test_agreement_is_asked_of_ratings_on_one_metric_only() -> None:
    turns, rated = corpus(1.0)
    table = ak.validate(turns, rated.with_columns(therapist_bond=pl.col("patient_bond") + 1), one_metric=True)
    assert value(table, measure="bias") == pytest.approx(1)
    assert value(table, measure="slope") == pytest.approx(1)
    assert 0 < value(table, measure="ICC(A,1)") < 1


def test_icc_is_that_of_the_mean_squares_of_a_two_way_table() -> None:
    """Two raters of Shrout and Fleiss (1979), table 2, by the analysis of variance written out."""
    table = np.array([[9.0, 2], [6, 1], [8, 4], [7, 1], [10, 5], [6, 2]])
    n, k = table.shape
    of_rows, of_columns, grand = table.mean(axis=1), table.mean(axis=0), table.mean()
    rows = k * ((of_rows - grand) ** 2).sum() / (n - 1)
    columns = n * ((of_columns - grand) ** 2).sum() / (k - 1)
    left = table - of_rows[:, None] - of_columns + grand
    error = (left**2).sum() / ((n - 1) * (k - 1))
    expected = (rows - error) / (rows + (k - 1) * error + k / n * (columns - error))
    assert agreement(np.ones((1, n)), table[:, 0], table[:, 1])[0] == pytest.approx(expected)


def test_below_six_clusters_there_is_no_interval_and_a_reason() -> None:
    turns, rated = corpus(1.0)
    few = ak.validate(turns.filter(pl.col("therapist_id").is_in(["t0", "t1"])), rated)
    assert few["ci_low"].null_count() == few.height
    known = few.filter(pl.col("value").is_not_null())["note"]
    assert len(known) > 2
    assert all("2 clusters, 6 are needed" in note for note in known)


def test_columns_of_other_names_and_null_ratings() -> None:
    turns, rated = corpus(0.0)
    named = rated.select("session_id", WAI_B=pl.when(pl.int_range(pl.len()) < 40).then("patient_bond"))
    table = ak.validate(turns, named, columns={"WAI_B": "patient_bond"})
    assert table["n_sessions"].to_list() == [40, 40]


def test_same_seed_same_bytes_and_session_tables_do_too() -> None:
    turns, rated = corpus(1.0)
    first = ak.validate(turns, rated, resamples=199)
    assert first.equals(ak.validate(turns, rated, resamples=199))
    assert first.equals(ak.validate(ak.sessions(turns), rated, resamples=199))


def test_what_is_refused() -> None:
    turns, rated = corpus(1.0)
    with pytest.raises(ColumnError, match="no column 'session_id'"):
        ak.validate(turns, rated.drop("session_id"))
    with pytest.raises(ColumnError, match="no column such as patient_bond"):
        ak.validate(turns, rated.select("session_id"))
    with pytest.raises(ColumnError, match="ratings are numbers"):
        ak.validate(turns, rated.with_columns(patient_bond=pl.lit("much")))
    with pytest.raises(DataError, match="several rows"):
        ak.validate(turns, pl.concat([rated, rated]))
    with pytest.raises(DataError, match="written alike"):
        ak.validate(turns, rated.with_columns(session_id=pl.col("session_id") + "x"))
    with pytest.raises(ParameterError, match="none is of both"):
        ak.validate(turns, rated.rename({"patient_bond": "patient_goal", "therapist_bond": "therapist_goal"}))
    with pytest.raises(ParameterError, match="is no meaning"):
        ak.validate(turns, rated, columns={"patient_bond": "bond"})


def test_command(tmp_path: Path) -> None:
    turns, rated = corpus(0.0)
    turns.write_parquet(tmp_path / "scores.parquet")
    rated.rename({"patient_bond": "WAI"}).write_csv(tmp_path / "ratings.csv")
    arguments = ["validate", str(tmp_path / "scores.parquet"), "--ratings", str(tmp_path / "ratings.csv")]
    arguments += ["--rating", "WAI=patient_bond", "--resamples", "199"]
    printed = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert printed.exit_code == 0
    assert "not on one metric" in " ".join(printed.stdout.split())
    rows = json.loads(CliRunner().invoke(app, [*arguments, "--json"], catch_exceptions=False).stdout)
    assert rows[0]["value"] == pytest.approx(1)
