"""The exported folder runs in R as it is, and R agrees with us."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
import pytest

import alliancekit as ak
from alliancekit.cli import main
from alliancekit.stats.simulate import simulate

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = 'grief"); system("touch owned'


def exported(turns: pl.DataFrame, folder: Path, *options: str) -> Path:
    """Export a table for R and run the script there, from the command line."""
    rscript = shutil.which("Rscript")
    assert rscript is not None, "Rscript is not on the path: install R and lme4 (Debian: r-base-core, r-cran-lme4)"
    turns.write_parquet(folder / "scores.parquet")
    assert main(["export", str(folder / "scores.parquet"), "-o", str(folder / "r"), *options]) == 0
    ended = subprocess.run([rscript, "analysis.R"], cwd=folder / "r", capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return folder / "r"


@pytest.fixture(scope="module")
def turns() -> pl.DataFrame:
    """Sessions of patients of therapists, so that every level repeats."""
    found = simulate({"worry": 60, HOSTILE: 40}, turns=30, gap={HOSTILE: 0.4}, icc=0.1, scales=("bond", "task"), seed=3)
    session = pl.col("session_id").rank("dense") - 1
    return found.drop("total").with_columns(
        patient_id=pl.format("p{}", session // 2),
        therapist_id=pl.format("t{}", session // 5),
        outcome_score=(session * 7 % 13).cast(pl.Float64) + pl.col("task").mean().over("session_id") * 4,
    )


def test_estimates_of_lme4_are_ours(turns: pl.DataFrame, tmp_path: Path) -> None:
    folder = exported(turns, tmp_path)
    theirs = pl.read_csv(folder / "mixed_model.csv")
    ours = ak.mixed_model(turns).effects
    both = ours.join(theirs, on=["scale", "term"], how="full", suffix="_r", coalesce=True)
    assert both.height == ours.height == theirs.height == 16
    for name, tolerance in (("estimate", 1e-4), ("std_error", 1e-4)):
        assert np.allclose(both[name], both[f"{name}_r"], rtol=tolerance, atol=1e-6), both.select(
            "term", name, f"{name}_r"
        )
    assert not (folder / "owned").exists()


def test_without_conditions_and_with_one_level(turns: pl.DataFrame, tmp_path: Path) -> None:
    plain = turns.drop("condition", "patient_id", "therapist_id", "bond")
    theirs = pl.read_csv(exported(plain, tmp_path) / "mixed_model.csv")
    ours = ak.mixed_model(plain, by=None).effects
    assert theirs["term"].to_list() == ours["term"].to_list() == ["intercept", "therapist", "u", "therapist:u"]
    assert np.allclose(theirs["estimate"], ours["estimate"], rtol=1e-4, atol=1e-6)


def test_the_response_surface_is_least_squares_where_no_cluster_repeats(turns: pl.DataFrame, tmp_path: Path) -> None:
    alone = turns.drop("patient_id", "therapist_id", "bond")
    folder = exported(alone, tmp_path, "--outcome", "outcome_score")
    theirs = dict(pl.read_csv(folder / "response_surface.csv").select("term", "estimate").iter_rows())
    sessions = ak.sessions(alone)
    sides = sessions.select("patient_mean", "therapist_mean").to_numpy()
    patient, therapist = ((sides - sides.mean()) / sides.std(ddof=1)).T
    design = np.stack(
        [np.ones_like(patient), patient, therapist, patient**2, patient * therapist, therapist**2], axis=1
    )
    b = np.linalg.lstsq(design, sessions["outcome_score"].to_numpy())[0]
    expected = {f"b{at}": value for at, value in enumerate(b)}
    expected |= {"a1": b[1] + b[2], "a2": b[3] + b[4] + b[5], "a3": b[1] - b[2], "a4": b[3] - b[4] + b[5]}
    assert theirs.keys() == expected.keys()
    assert np.allclose([theirs[name] for name in expected], list(expected.values()), rtol=1e-6)


def test_the_response_surface_of_clusters_that_repeat(turns: pl.DataFrame, tmp_path: Path) -> None:
    folder = exported(turns, tmp_path, "--outcome", "outcome_score")
    table = pl.read_csv(folder / "response_surface.csv")
    assert table.height == 20
    assert table["n_sessions"].unique().to_list() == [100]
    assert table.null_count().sum_horizontal().item() == 0
