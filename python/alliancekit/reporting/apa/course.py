"""The course within a session as a table with both sides and the gap in one row: a third as long as the result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from alliancekit import schema
from alliancekit.reporting.apa.numbers import confidence_words, count, decimals, interval, number
from alliancekit.reporting.apa.results import remarks
from alliancekit.reporting.apa.table import Cell, Heading, Table, words
from alliancekit.reporting.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import polars as pl

    Point = dict[str, dict[str, Any]]

ROLES = (*schema.ROLES, "gap")
MEANING = (
    "u: position in the session, 0 to 1. Band: for all points of a curve at once. n: sessions with both roles at this "
    "point."
)


def course_table(part: pl.DataFrame, *, confidence: float, title: str) -> Table:
    """Give the rows of one group of `trajectories`: a row for each scale and point."""
    digits = decimals(part["mean"])
    band = f"{confidence_words(confidence).removesuffix(' CI')} band"
    heads = [head for role in ROLES for head in (Heading(role, number=True), Heading(band, number=True))]
    return Table(
        title=title,
        headings=[
            Heading("scale"),
            Heading("u", number=True, symbol=True),
            *heads,
            Heading("n", number=True, symbol=True),
        ],
        rows=[list(_row(scale, u, point, digits)) for (scale, u), point in _points(part).items()],
        notes=[MEANING, *remarks(Kind.TRAJECTORIES, part)],
    )


def _points(part: pl.DataFrame) -> dict[tuple[str, float], Point]:
    """Put the roles of one scale and point together."""
    points: dict[tuple[str, float], Point] = {}
    for record in part.iter_rows(named=True):
        points.setdefault((record[schema.SCALE], record["u"]), {})[record[schema.ROLE]] = record
    return points


def _row(scale: str, u: float, point: Point, digits: int) -> Iterator[Cell]:
    yield words(scale)
    yield Cell(number(u), u)
    for role in ROLES:
        yield from _side(point[role], digits)
    n = point["gap"]["n_sessions"]
    yield Cell(count(n), n)


def _side(record: dict[str, Any], digits: int) -> Sequence[Cell]:
    ends = interval(record["band_low"], record["band_high"], digits=digits)
    return Cell(number(record["mean"], digits=digits), record["mean"]), Cell(ends)
