"""Where is the gap largest?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from alliancekit import schema
from alliancekit.labels import counted
from alliancekit.reporting.apa.numbers import confidence_words
from alliancekit.reporting.apa.results import result_table
from alliancekit.reporting.apa.table import shown
from alliancekit.reporting.kinds import Kind
from alliancekit.reporting.listing import ranking_scale
from alliancekit.reporting.page.blocks import Block, Figure, Section, Text
from alliancekit.reporting.page.words import directions, estimate, parts, sentence
from alliancekit.reporting.plots.results import AXES, forest_picture
from alliancekit.reporting.plots.rows import forest_rows

if TYPE_CHECKING:
    from alliancekit.reporting.analysis import Analysis
    from alliancekit.reporting.choices import Choices
    from alliancekit.reporting.plots.picture import Picture

QUESTION = "Where is the gap largest?"
MOST_DRAWN = 24
"""Conditions in a picture; all are in the table."""

MISALIGNMENT = ("misalignment", "misalignment_low", "misalignment_high")
NOT_CHANCE = (
    "An order of estimates is no finding. Whether a condition differs from the others by more than chance is what the "
    "contrast says. Conditions were not assigned at random: who treats whom, how long and at what stage differs too."
)


def section(analysis: Analysis, choices: Choices) -> Section:
    """Show gap and misalignment by condition, and the target against the others."""
    if analysis.by_condition is None:
        return Section("where", QUESTION, analysis.absent["by_condition"])
    blocks: list[Block] = [Text(NOT_CHANCE), *_by_condition(analysis.by_condition, choices)]
    if analysis.contrast is None:
        blocks.append(
            Text(f"{analysis.absent['contrast']} Name it with --target (target=), before looking at the results.")
        )
    else:
        blocks += [_contrast(part, measure, choices) for measure, part in _measures(analysis.contrast)]
    return Section("where", QUESTION, _answer(analysis, choices), blocks)


def _answer(analysis: Analysis, choices: Choices) -> str:
    words = _largest(analysis, choices)
    if analysis.contrast is None:
        return words
    return f"{words} {_against_all(analysis.contrast, choices)}".strip()


def _largest(analysis: Analysis, choices: Choices) -> str:
    scale = ranking_scale(analysis.scales)
    table = analysis.by_condition
    rows: list[dict[str, Any]] = (
        [] if table is None else table.filter((pl.col(schema.SCALE) == scale) & pl.col("gap").is_not_null()).to_dicts()
    )
    if len(rows) < 2 or analysis.by is None:  # noqa: PLR2004 - a largest one needs another
        return "There are no two conditions with a gap that could be compared."
    row = max(rows, key=lambda one: abs(one["gap"]))
    size = estimate(row, "gap", confidence=choices.confidence, also_p=False)
    whose, n = shown(row[analysis.by]), counted(row["n_sessions"], "session")
    return f"The largest estimate on {shown(scale)} is that of {whose} ({size}, {n})."


def _against_all(contrast: pl.DataFrame, choices: Choices) -> str:
    """Say whether the target's gap is above that of every other condition, and not merely of some."""
    target = shown(contrast["target"][0])
    rows = contrast.filter((pl.col("measure") == "gap") & (pl.col("reference") == "every other"))
    found = directions(parts(rows), "difference", alpha=1 - choices.confidence)
    unclear = [*found["unclear"], *found["below"]]
    return sentence(
        {**found, "unclear": unclear},
        {
            "above": f"On {{}}, the gap was larger in {target} than in every other condition.",
            "unclear": f"On {{}}, it is not shown that {target} has the largest gap.",
            "unknown": f"On {{}}, nothing can be said about {target}: there are too few sessions or clusters.",
        },
    )


def _by_condition(table: pl.DataFrame, choices: Choices) -> list[Block]:
    confidence = confidence_words(choices.confidence)
    most = _with_most_sessions(table)
    gaps = forest_rows(most, Kind.GAP)
    apart = forest_rows(most, Kind.GAP, columns=MISALIGNMENT)
    pictures: list[Picture] = []
    if any(row.value is not None for row in gaps):
        title = "Gap by condition"
        pictures.append(
            forest_picture(gaps, name="gap-by-condition", title=title, axis=f"{AXES[Kind.GAP]}, {confidence}")
        )
        title, axis = "Misalignment by condition", f"misalignment (whatever the direction), {confidence}"
        pictures.append(forest_picture(apart, name="misalignment", title=title, axis=axis))
    caption = f"Gap and misalignment by condition{_cut(table, most)}."
    result = result_table(table, confidence=choices.confidence, title="Gap and misalignment by condition")
    return [Figure(caption, result, pictures)]


def _with_most_sessions(table: pl.DataFrame) -> pl.DataFrame:
    """Keep the conditions with the most sessions, in the order that they stand in."""
    by = table.columns[0]
    sizes = table.group_by(by, maintain_order=True).agg(pl.col("n_sessions").max())
    kept = sizes.sort("n_sessions", descending=True, nulls_last=True, maintain_order=True)[by].head(MOST_DRAWN)
    return table.join(kept.to_frame(), on=by, how="semi", nulls_equal=True, maintain_order="left")


def _cut(table: pl.DataFrame, drawn: pl.DataFrame) -> str:
    every, kept = (frame[frame.columns[0]].n_unique() for frame in (table, drawn))
    return f"; drawn are the {kept} of {every} conditions with the most sessions" if kept < every else ""


def _measures(contrast: pl.DataFrame) -> list[tuple[str, pl.DataFrame]]:
    return [(str(key[0]), part) for key, part in contrast.group_by(["measure"], maintain_order=True)]


def _contrast(part: pl.DataFrame, measure: str, choices: Choices) -> Figure:
    confidence = confidence_words(choices.confidence)
    result = result_table(part, confidence=choices.confidence)
    title = result.title
    unit = "squared units, target − reference" if measure == "misalignment" else "target − reference"
    single = part.filter(pl.col("reference") != "every other")
    rows = forest_rows(single, Kind.COMPARE)
    pictures = []
    if any(row.value is not None for row in rows) and single["reference"].n_unique() <= MOST_DRAWN:
        axis = f"difference ({unit}), {confidence}"
        pictures.append(forest_picture(rows, name=f"contrast-{measure}", title=title, axis=axis))
    return Figure(f"{title}.", result, pictures)
