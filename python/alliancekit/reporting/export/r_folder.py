"""A folder for R: the data, and a script that runs as it is.

The script is always the same. What depends on the data, labels included, is in the tables that it reads, so that no
label can become code.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError, FileAccessError
from alliancekit.files import write_bytes, write_table
from alliancekit.stats import sessions as sessions_of
from alliancekit.stats.inference.clusters import CLUSTER, with_clusters
from alliancekit.stats.mixed.cells import cells, of_scale
from alliancekit.stats.mixed.design import CONDITION
from alliancekit.stats.mixed.levels import LEVELS
from alliancekit.stats.mixed.sample import check_label, sample

if TYPE_CHECKING:
    from pathlib import Path

    from alliancekit.stats.inference.resample import Progress
    from alliancekit.stats.mixed.sample import Sample

SCRIPT: Final = "analysis.R"
EXPLAINED: Final = "README.md"
OUTCOME: Final = "outcome"


def write_r_folder(  # noqa: PLR0913 - each is a choice of the analysis
    turns: pl.LazyFrame,
    folder: Path,
    *,
    scales: list[str],
    by: str | None,
    reference: str | None = None,
    outcome: str | None = None,
    bins: int = 5,
    progress: Progress | None = None,
) -> None:
    """Write data and script of a mixed model (lme4) and of a response surface analysis.

    Args:
        turns: turn scores.
        folder: made if it is not there; files of ours in it are replaced.
        scales: score columns.
        by: label column of one condition a session, or None.
        reference: condition that the others are compared with; by default the one with the most sessions.
        outcome: numeric label of the sessions that the response surface explains; without it that part is left out.
        bins: parts of a session, as for `alliancekit.mixed_model`.
        progress: called with (turns read, of).

    Raises:
        ColumnError, DataError, RoleError, ParameterError: as `alliancekit.mixed_model`; the outcome is missing, or is
            no number.
        FileAccessError: the file system refuses.

    """
    table = sessions_of(turns, scales=scales, by=() if by is None else (by,), progress=progress)
    check_label(table, by)
    means = cells(turns, scales, bins)
    samples = {scale: sample(table, scale, by, reference) for scale in scales}
    sessions = _sessions(table, by, outcome)
    _make(folder)
    write_table(pl.concat(_cells(means, scale, given) for scale, given in samples.items()), folder / "cells.csv")
    write_table(_listed("level", {scale: given.levels for scale, given in samples.items()}), folder / "levels.csv")
    conditions = {scale: given.conditions for scale, given in samples.items()}
    write_table(_listed(schema.CONDITION, conditions), folder / "conditions.csv")
    write_table(sessions, folder / "sessions.csv")
    for name in (SCRIPT, EXPLAINED):
        write_bytes(files("alliancekit.reporting.export").joinpath("r", name).read_bytes(), folder / name)


def _listed(column: str, values: dict[str, list[str]]) -> pl.DataFrame:
    """Give what each scale has, a row each, in order."""
    rows = [(scale, value) for scale, found in values.items() for value in found]
    return pl.DataFrame(rows, schema={schema.SCALE: pl.String, column: pl.String}, orient="row")


def _make(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise FileAccessError(f"{folder}: cannot be made: {error.strerror}.") from None


def _cells(means: pl.DataFrame, scale: str, given: Sample) -> pl.DataFrame:
    """Give the rows of the model: units are numbers, since ids need not leave the house for it."""
    units = given.sessions.select(
        schema.SESSION_ID,
        pl.col(CONDITION).alias(schema.CONDITION),
        *(
            (pl.col(level).rank("dense") if level in given.levels else pl.lit(None)).cast(pl.Int64).alias(level)
            for level in LEVELS
        ),
    )
    rows = of_scale(means, scale).join(units, on=schema.SESSION_ID, how="inner", maintain_order="left")
    named = pl.col("y").alias("score"), pl.col("u"), pl.col("n").cast(pl.Int64).alias("turns")
    return rows.select(pl.lit(scale).alias(schema.SCALE), schema.CONDITION, *LEVELS, schema.ROLE, *named)


def _sessions(table: pl.DataFrame, by: str | None, outcome: str | None) -> pl.DataFrame:
    """Give the rows of the response surface: means of both sides, and what they are to explain."""
    if outcome is not None:
        _check_outcome(table, outcome)
    value = pl.lit(None, dtype=pl.Float64) if outcome is None else pl.col(outcome).cast(pl.Float64)
    clustered = with_clusters(table).table
    return clustered.select(
        schema.SCALE,
        (pl.lit(None, dtype=pl.String) if by is None else pl.col(by).cast(pl.String)).alias(schema.CONDITION),
        pl.col(CLUSTER).rank("dense").cast(pl.Int64).alias("cluster"),
        "patient_mean",
        "therapist_mean",
        value.alias(OUTCOME),
    )


def _check_outcome(table: pl.DataFrame, outcome: str) -> None:
    if outcome not in table.columns:
        raise ColumnError(f"the outcome {outcome!r} is not a label of the sessions: it has one value in each session.")
    if not table.schema[outcome].is_numeric():
        raise DataError(f"the outcome {outcome!r} holds {table.schema[outcome]}, and should hold numbers.")
