"""Small cells: groups of fewer than five sessions, suppressed so that no one can be told from a table.

A group that is suppressed alone could be had by subtraction from the total. The smallest of the others goes with it,
until those suppressed are at least two and have five sessions together (secondary suppression: Hundepool et al. 2012,
Statistical Disclosure Control, ch. 4).
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.reporting.apa.table import shown
from alliancekit.reporting.choices import FEWEST_SESSIONS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from alliancekit.reporting.analysis import Analysis
    from alliancekit.reporting.coverage import Coverage

NOTE: Final = f"suppressed: a group of fewer than {FEWEST_SESSIONS} sessions could be told from it"
EVERY_OTHER: Final = "every other"
COUNTS: Final = re.compile(r"\b(?:[1-4]|one|two|three|four) (sessions?|patients?)\b")
KEPT: Final = frozenset({schema.SCALE, schema.ROLE, "u", "form", "target", "reference", "measure", "verdict"})
"""Columns that say which row it is; a verdict is replaced."""


def suppressed(analysis: Analysis) -> Analysis:
    """Give the analysis without its small cells."""
    hidden = _hidden(analysis)

    def grouped(table: pl.DataFrame) -> pl.DataFrame:
        return _grouped(table, analysis.by, hidden)

    return replace(
        analysis,
        overall=_blank(analysis.overall, _small("n_sessions")),
        by_condition=None if analysis.by_condition is None else grouped(analysis.by_condition),
        contrast=None if analysis.contrast is None else _contrast(analysis.contrast, hidden),
        trajectories=None if analysis.trajectories is None else grouped(analysis.trajectories),
        convergence=grouped(analysis.convergence),
        coverage=_counts(analysis.coverage, hidden),
    )


def _hidden(analysis: Analysis) -> list[str]:
    """Name the groups that are suppressed, by what is shown of their labels."""
    if analysis.by_condition is None or analysis.by is None:
        return []
    least = (
        analysis.by_condition.group_by(analysis.by, maintain_order=True)
        .agg(pl.col("n_sessions").min())
        .sort("n_sessions", maintain_order=True)
        .iter_rows()
    )
    counts = [(shown(label), int(count)) for label, count in least]
    small = [pair for pair in counts if pair[1] < FEWEST_SESSIONS]
    others = counts[len(small) :]
    while small and others and (len(small) == 1 or sum(count for _, count in small) < FEWEST_SESSIONS):
        small.append(others.pop(0))
    return [label for label, _ in small]


def _grouped(table: pl.DataFrame, by: str | None, hidden: Iterable[str]) -> pl.DataFrame:
    if by is None:
        return _blank(table, _small("n_sessions"))
    return _blank(table, _small("n_sessions") | _is_hidden(table, by, hidden), also=(by,))


def _contrast(table: pl.DataFrame, hidden: list[str]) -> pl.DataFrame:
    concerned = _is_hidden(table, "reference", hidden) | _is_hidden(table, "target", hidden)
    # The smallest of several differences may be that of a suppressed one.
    smallest = (pl.col("reference") == EVERY_OTHER) & bool(hidden)
    return _blank(table, concerned | smallest | _small("n_target") | _small("n_reference"))


def _is_hidden(table: pl.DataFrame, column: str, hidden: Iterable[str]) -> pl.Expr:
    names = set(hidden)
    return pl.lit(pl.Series([shown(value) in names for value in table[column].to_list()], dtype=pl.Boolean))


def _small(column: str) -> pl.Expr:
    return (pl.col(column) < FEWEST_SESSIONS).fill_null(value=False)


def _blank(table: pl.DataFrame, which: pl.Expr, *, also: tuple[str, ...] = ()) -> pl.DataFrame:
    """Take every number out of the rows, and say why."""
    numbers = [name for name in table.columns if name not in KEPT and name not in also and name != "note"]
    note = pl.when(which).then(pl.lit(NOTE)).otherwise(pl.col("note").map_elements(_vague, pl.String))
    verdict = [pl.when(~which).then("verdict")] if "verdict" in table.columns else []
    return table.with_columns(*(pl.when(~which).then(name) for name in numbers), note.alias("note"), *verdict)


def _vague(note: str) -> str:
    return COUNTS.sub(lambda found: f"fewer than {FEWEST_SESSIONS} {found[1].removesuffix('s')}s", note)


def _counts(found: Coverage, hidden: Iterable[str]) -> Coverage:
    numbers = ("sessions", "patient_turns", "therapist_turns")
    kept = ~(_small("sessions") | _is_hidden(found.conditions, "label", hidden))
    conditions = found.conditions.with_columns(pl.when(kept).then(name) for name in numbers if name in found.conditions)
    left_out = found.left_out.with_columns(pl.when(~_small("sessions")).then("sessions"))
    return replace(found, conditions=conditions, left_out=left_out, vague=True)
