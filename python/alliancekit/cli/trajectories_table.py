"""The curves over a session, or over a treatment, as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from alliancekit import schema
from alliancekit.cli import result_columns as of
from alliancekit.cli.result_table import print_below, print_capped
from alliancekit.notes import notes

if TYPE_CHECKING:
    from collections.abc import Sequence

GAP: Final = "gap"
FOOTER: Final = (
    "gap = therapist - patient. CI: for this point alone; band: for all points of the curve at once. The level of a "
    "gap is relative to the instrument; its course is not.\n"
    "A curve is a description: whether a gap closes is tested by alliance convergence."
)
PLACES: Final = {"u": "u = middle of the part of the session, from 0 to 1.", schema.SESSION_NUMBER: ""}


def print_trajectories(
    table: pl.DataFrame, groups: Sequence[str], *, over: str = "u", confidence: float = 0.95
) -> None:
    """Print a row a point of the gap, the two sides beside it, then the notes and what a curve is."""
    ci = of.confidence_header(confidence)
    columns = [
        *[of.label(name) for name in groups],
        of.label(schema.SCALE),
        of.Column("u" if over == "u" else "session", lambda record: _place(record["u"], over)),
        of.score(schema.PATIENT, "patient", spare=2),
        of.score(schema.THERAPIST, "therapist", spare=2),
        of.score("mean", GAP),
        of.interval("ci_low", "ci_high", ci),
        of.interval("band_low", "band_high", "band", spare=1),
        of.count("n_sessions"),
    ]
    left_out = print_capped(_by_point(table, groups), columns)
    about = notes(table, [*groups, schema.ROLE])
    print_below(left_out, about, [line for line in (PLACES[over], *FOOTER.splitlines()) if line])


def _by_point(table: pl.DataFrame, groups: Sequence[str]) -> pl.DataFrame:
    """Put the means of the two sides beside the gap's row of the same point."""
    key = [*groups, schema.SCALE, "u"]
    points = table.filter(pl.col(schema.ROLE) == GAP)
    for role in schema.ROLES:
        side = table.filter(pl.col(schema.ROLE) == role).select(*key, pl.col("mean").alias(role))
        points = points.join(side, on=key, how="left", nulls_equal=True, maintain_order="left")
    return points


def _place(value: Any, over: str) -> str:  # noqa: ANN401 - a cell of a result
    return f"{value:.2f}" if over == "u" else f"{value:g}"
