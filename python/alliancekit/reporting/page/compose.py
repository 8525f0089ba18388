"""The whole page: analysis, sections in the order in which a reader asks, template."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.reporting.analysis import analyse, check
from alliancekit.reporting.choices import Origin
from alliancekit.reporting.model import model
from alliancekit.reporting.page import closing, higher, look, methods, scored, trust, where
from alliancekit.reporting.page.render import render
from alliancekit.reporting.suppression import suppressed

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from alliancekit.reporting.choices import Choices


def page(
    turns: pl.DataFrame | pl.LazyFrame,
    choices: Choices,
    origin: Origin | None = None,
    *,
    title: str | None = None,
    bundle: Path | None = None,
) -> str:
    """Give the page of a report as text."""
    check(choices)
    found = analyse(turns, choices)
    if choices.suppress_small_cells:
        found = suppressed(found)
    origin = origin or Origin()
    made_by = model(origin.made_with, bundle)
    sections = [
        scored.section(found, origin, made_by),
        higher.section(found, choices),
        where.section(found, choices),
        closing.section(found, choices),
        look.section(found, choices, turns),
        trust.section(found, made_by),
        methods.section(found, choices, origin, made_by),
    ]
    return render(sections, found, title=title)
