"""Does the gap close within the session?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.reporting.apa.course import course_table
from alliancekit.reporting.apa.numbers import confidence_words
from alliancekit.reporting.apa.results import result_table
from alliancekit.reporting.apa.table import shown
from alliancekit.reporting.kinds import Kind
from alliancekit.reporting.page.blocks import Block, Figure, Section, Text
from alliancekit.reporting.page.words import listed, parts
from alliancekit.reporting.plots.curves import limits_of
from alliancekit.reporting.plots.results import AXES, forest_picture, panel_picture
from alliancekit.reporting.plots.rows import forest_rows

if TYPE_CHECKING:
    from alliancekit.reporting.analysis import Analysis
    from alliancekit.reporting.choices import Choices

QUESTION = "Does the gap close within the session?"
MOST_CURVES = 8
"""Conditions whose curves are drawn."""

MOST_ROWS = 120
"""Rows of a picture that can still be read."""

MEANING = (
    "That the last gap is smaller than the first is no evidence: noise alone shrinks it. What is tested is the "
    "mean slope of the signed gap over sessions. “No convergence” means that the slope was shown to be smaller "
    "than a margin; “no evidence” means that nothing is shown either way."
)


def section(analysis: Analysis, choices: Choices) -> Section:
    """Show the curves of both sides, and how fast the gap closes."""
    blocks: list[Block] = [Text(MEANING)]
    if analysis.trajectories is None:
        blocks.append(Text(analysis.absent["trajectories"]))
    else:
        blocks += _curves(analysis.trajectories, analysis.by, choices)
    if analysis.coverage.both_roles:
        blocks.append(_rates(analysis.convergence, choices))
    return Section("closing", QUESTION, _answer(analysis), blocks)


def _answer(analysis: Analysis) -> str:
    """Give the verdicts, scale by scale within each condition; `no evidence` last and together."""
    rows = parts(analysis.convergence)
    told = rows.filter(pl.col("verdict").is_not_null() & (pl.col("verdict") != "no evidence"))
    words = []
    for verdict in dict.fromkeys(told["verdict"].to_list()):
        mine = told.filter(pl.col("verdict") == verdict)
        words.append(f"{verdict[:1].upper()}{verdict[1:]}: {_subjects(mine, analysis.by)}.")
    if rows["verdict"].null_count() == rows.height:
        return "Suppressed: every group is too small."
    if not words:
        return "No evidence either way, on any scale" + (" in any condition." if analysis.by else ".")
    return " ".join(words) + (" No evidence either way elsewhere." if told.height < rows.height else "")


def _subjects(rows: pl.DataFrame, by: str | None) -> str:
    if by is None:
        return listed(rows[schema.SCALE])
    groups = rows.group_by([by], maintain_order=True).agg(schema.SCALE)
    return "; ".join(f"{shown(label)} ({listed(scales)})" for label, scales in groups.iter_rows())


def _curves(table: pl.DataFrame, by: str | None, choices: Choices) -> list[Block]:
    panels = _Panels({scale: limits_of(_of_scale(table, scale)) for scale in _scales(table)}, choices)
    if by is None:
        return [panels.figure(table, None, "curves")]
    groups = list(table.group_by([by], maintain_order=True))
    groups.sort(key=lambda group: -group[1].select(pl.col("n_sessions").fill_null(0).max()).item())
    drawn = groups[:MOST_CURVES]
    blocks: list[Block] = [panels.figure(part, shown(key[0]), f"curves-{at}") for at, (key, part) in enumerate(drawn)]
    if len(groups) > len(drawn):
        blocks.append(Text(f"Curves of the {len(drawn)} of {len(groups)} conditions with the most sessions are shown."))
    return blocks


def _scales(table: pl.DataFrame) -> list[str]:
    return list(dict.fromkeys(table[schema.SCALE].to_list()))


def _of_scale(table: pl.DataFrame, scale: str) -> pl.DataFrame:
    return table.filter(pl.col(schema.SCALE) == scale)


@dataclass(frozen=True, slots=True)
class _Panels:
    """What the panels of all conditions share: an axis for each scale."""

    limits: dict[str, tuple[float, float] | None]
    choices: Choices

    def figure(self, part: pl.DataFrame, group: str | None, name: str) -> Figure:
        """Draw a panel for each scale of one condition; None stands for all sessions."""
        where = group or "all sessions"
        pictures = [
            panel_picture(points, name=f"{name}-{at}", scale=scale, where=where, limits=self.limits[scale])
            for at, (scale, points) in enumerate((scale, _of_scale(part, scale)) for scale in _scales(part))
            if points["mean"].null_count() < points.height
        ]
        caption = (
            f"Mean score of patient and therapist from the start to the end of the session, {where}. Bands: the whole "
            f"true curve lies inside with {_percent(self.choices)} confidence."
        )
        title = f"Course within the session, {where}"
        table = course_table(part, confidence=self.choices.confidence, title=title)
        return Figure(caption, table, pictures, heading=where, folded=True, group=group)


def _percent(choices: Choices) -> str:
    return confidence_words(choices.confidence).removesuffix(" CI")


def _rates(table: pl.DataFrame, choices: Choices) -> Figure:
    rows = forest_rows(table, Kind.CONVERGENCE)
    axis = f"{AXES[Kind.CONVERGENCE]}, {confidence_words(choices.confidence)}"
    drawable = any(row.value is not None for row in rows) and len(rows) <= MOST_ROWS
    pictures = [forest_picture(rows, name="closing-rates", title="Closing rates", axis=axis)] if drawable else []
    result = result_table(table, confidence=choices.confidence, title="Closing rates of the gap")
    return Figure("Closing rates of the gap; positive: the two sides come closer.", result, pictures)
