"""How much was scored, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.labels import counted
from alliancekit.reporting.choices import FEWEST_SESSIONS

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of a corpus; None where a session table no longer knows.

    Attributes:
        sessions: all of them.
        both_roles: those in which both roles have a scored turn, on some scale.
        patient_turns: scored turns of patients.
        therapist_turns: scored turns of therapists.
        turns: all turns, without a score included.
        unscored: turns without a score.
        truncated: turns longer than the model reads.
        conditions: a row for each label: `label`, `sessions`, `patient_turns`, `therapist_turns`.
        left_out: a row for each scale and reason why a session has no gap: `scale`, `reason`, `sessions`.
        vague: whether small counts are not told.

    """

    sessions: int
    both_roles: int
    patient_turns: int
    therapist_turns: int
    turns: int | None
    unscored: int | None
    truncated: int | None
    conditions: pl.DataFrame
    left_out: pl.DataFrame
    vague: bool = False

    @property
    def without_both(self) -> str:
        """How many sessions lack a role, in words; a small number only as such where small cells are suppressed."""
        lacking = self.sessions - self.both_roles
        if self.vague and 0 < lacking < FEWEST_SESSIONS:
            return f"fewer than {FEWEST_SESSIONS} sessions"
        return counted(lacking, "session")


def coverage(turns: pl.LazyFrame | None, sessions: pl.DataFrame, scales: Sequence[str], by: str | None) -> Coverage:
    """Count what is in the tables.

    Args:
        turns: turn scores; None where there is a session table alone.
        sessions: the session table.
        scales: scales of the report.
        by: label column, or None.

    """
    each = sessions.group_by(schema.SESSION_ID, maintain_order=True).agg(
        pl.col("n_patient", "n_therapist").max(),
        pl.col("gap").is_not_null().any().alias("both"),
        *([pl.col(by).first()] if by is not None else []),
    )
    counted = _turns(turns, scales) if turns is not None else {}
    return Coverage(
        sessions=each.height,
        both_roles=int(each["both"].sum()),
        patient_turns=int(each["n_patient"].sum()),
        therapist_turns=int(each["n_therapist"].sum()),
        turns=counted.get("turns"),
        unscored=counted.get("unscored"),
        truncated=counted.get("truncated"),
        conditions=_conditions(each, by),
        left_out=_left_out(sessions),
    )


def _turns(turns: pl.LazyFrame, scales: Sequence[str]) -> dict[str, int]:
    names = turns.collect_schema().names()
    unscored = pl.all_horizontal(pl.col(scale).is_null() for scale in scales)
    counts = [pl.len().alias("turns"), unscored.sum().alias("unscored")]
    if schema.TRUNCATED in names:
        counts.append(pl.col(schema.TRUNCATED).cast(pl.Int64).sum().alias("truncated"))
    return {name: int(value) for name, value in turns.select(counts).collect().row(0, named=True).items()}


def _conditions(each: pl.DataFrame, by: str | None) -> pl.DataFrame:
    if by is None:
        return pl.DataFrame(schema={"label": pl.String, "sessions": pl.Int64})
    table = each.explode(by) if each.schema[by] == pl.List else each
    return (
        table.group_by(pl.col(by).alias("label"))
        .agg(
            pl.len().cast(pl.Int64).alias("sessions"),
            pl.col("n_patient").sum().cast(pl.Int64).alias("patient_turns"),
            pl.col("n_therapist").sum().cast(pl.Int64).alias("therapist_turns"),
        )
        .sort("label")
    )


def _left_out(sessions: pl.DataFrame) -> pl.DataFrame:
    return (
        sessions.filter(pl.col("gap").is_null())
        .group_by(schema.SCALE, "reason", maintain_order=True)
        .agg(pl.len().cast(pl.Int64).alias("sessions"))
    )
