"""One scale from its rows to its part of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alliancekit import schema
from alliancekit.stats.mixed.design import WITHIN, design
from alliancekit.stats.mixed.engine import fit
from alliancekit.stats.mixed.tables import effect_rows, variance_rows

if TYPE_CHECKING:
    import polars as pl

    from alliancekit.stats.mixed.sample import Sample

    Rows = list[dict[str, Any]]


def rows_of_scale(means: pl.DataFrame, given: Sample, confidence: float) -> tuple[Rows, Rows]:
    """Fit the model; rows of effects and rows of variances."""
    if given.sessions.is_empty():
        return effect_rows(WITHIN, "no estimate: no session with both roles and a condition", given, confidence), []
    rows = means.join(given.sessions.drop("gap"), on=schema.SESSION_ID, how="inner", maintain_order="left")
    coded = design(rows, given.conditions, given.levels)
    found = fit(coded)
    return effect_rows(coded.terms, found, given, confidence), variance_rows(coded, found)
