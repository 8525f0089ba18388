"""The session table as people read it: in order of the ids, with shrunken gaps, since raw ones rank mostly noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.cli import result_columns as of
from alliancekit.cli.result_table import print_below, print_capped
from alliancekit.cli.tables import figure
from alliancekit.notes import notes

if TYPE_CHECKING:
    from collections.abc import Sequence

FOOTER: Final = (
    "In order of session_id, not a ranking. gap = therapist - patient, shrunken towards the mean of all sessions of "
    "the scale with its 95 % interval, since a short session's own gap is mostly noise (raw: -o and --json).\n"
    "n = scored turns of each side. Scores of language, not ratings."
)


def print_sessions(table: pl.DataFrame, groups: Sequence[str]) -> None:
    """Print the first sessions, why values are missing, and how reliable a session's gap is."""
    columns = [
        of.label(schema.SESSION_ID, "session"),
        *[of.label(name, spare=1) for name in groups],
        of.label(schema.SCALE),
        of.score("patient_mean", "patient", spare=2),
        of.score("therapist_mean", "therapist", spare=2),
        of.score("gap_shrunken", "gap"),
        of.interval("shrunken_low", "shrunken_high", "95 % interval"),
        of.count("n_patient", "n patient", spare=3),
        of.count("n_therapist", "n therapist", spare=3),
    ]
    left_out = print_capped(table, columns)
    why = notes(table, [schema.SESSION_ID], column="reason")
    print_below(left_out, [*why, *_reliability(table)], FOOTER.splitlines())


def _reliability(table: pl.DataFrame) -> list[str]:
    """Say how much of what distinguishes the sessions' gaps is not noise."""
    known = table.filter(pl.col("gap_reliability").is_not_null()).unique(schema.SCALE, maintain_order=True)
    if known.is_empty():
        return []
    each = [f"{row[schema.SCALE]} {_above_zero(row['gap_reliability'])}" for row in known.iter_rows(named=True)]
    return [f"reliability of a session's gap (split-half): {', '.join(each)}"]


def _above_zero(reliability: float) -> str:
    # Stepped up, a chance correlation below zero is a number without meaning.
    return figure(reliability, digits=2) if reliability > 0 else "none"
