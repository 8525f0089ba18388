"""A result as one picture, as a paper would print it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.reporting.apa.numbers import confidence_words, decimals, interval, number
from alliancekit.reporting.apa.table import shown
from alliancekit.reporting.kinds import Kind, groups_of, kind_of
from alliancekit.reporting.plots import curves, forest
from alliancekit.reporting.plots.picture import Picture
from alliancekit.reporting.plots.rows import forest_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from matplotlib.figure import Figure

    from alliancekit.reporting.plots.forest import Row

AXES: Final = {
    Kind.GAP: "gap (therapist − patient)",
    Kind.COMPARE: "difference (target − reference)",
    Kind.CONVERGENCE: "closing rate (positive: the gap closes)",
    Kind.SESSIONS: "gap, shrunken (therapist − patient)",
    Kind.EFFECTS: "estimate",
}
TITLES: Final = {
    Kind.GAP: "Gap between therapist and patient",
    Kind.COMPARE: "Difference between conditions",
    Kind.CONVERGENCE: "Closing rate of the gap",
    Kind.SESSIONS: "Gaps of sessions",
    Kind.EFFECTS: "Effects of the mixed model",
    Kind.TRAJECTORIES: "Course of patient and therapist within the session",
}
MOST_ROWS: Final = 200
MOST_PANELS: Final = 40
"""Above these a picture can't be read, and choosing is the caller's business."""

MOST_DESCRIBED: Final = 12


def result_picture(table: pl.DataFrame, *, name: str = "alliancekit", confidence: float = 0.95) -> Picture:
    """Draw a result: curves for `trajectories`, a forest plot for the others.

    Args:
        table: Result of `gap`, `compare`, `convergence`, `trajectories` or `sessions`, or effects of the mixed model.
        name: Unlike that of other pictures on the same page.
        confidence: Of its intervals, for the axis.

    Raises:
        DataError: The table is none of these, or too large to be read as a picture.

    """
    kind = kind_of(table)
    if kind is Kind.VARIANCES:
        raise DataError("variances are not drawn; look at the table.")
    if kind is Kind.TRAJECTORIES:
        return trajectories_picture(table, name=name)
    rows = forest_rows(table, kind)
    if len(rows) > MOST_ROWS:
        raise DataError(f"a plot of {len(rows):,} rows can't be read: choose up to {MOST_ROWS}.")
    if kind is Kind.COMPARE and table["measure"].n_unique() > 1:
        raise DataError("measures have different units: filter the table by one measure and plot that.")
    return forest_picture(rows, name=name, title=TITLES[kind], axis=f"{AXES[kind]}, {confidence_words(confidence)}")


def forest_picture(rows: Sequence[Row], *, name: str, title: str, axis: str) -> Picture:
    """Draw rows as a forest plot."""
    digits = decimals(row.value for row in rows)

    def draw() -> Figure:
        from matplotlib.figure import Figure  # noqa: PLC0415 - takes half a second, and few need it

        figure = Figure(figsize=(forest.WIDTH, forest.height(rows)))
        forest.draw_forest(figure, rows, axis=axis, digits=digits, name=name)
        return figure

    marks = forest.forest_marks(rows, digits=digits, name=name)
    return Picture(name, title, _description(rows, digits, axis), draw, marks)


def panel_picture(
    points: pl.DataFrame, *, name: str, scale: str, where: str, limits: tuple[float, float] | None
) -> Picture:
    """Draw the curves of one scale in one group."""
    found = curves.curves_of(points)

    def draw() -> Figure:
        from matplotlib.figure import Figure  # noqa: PLC0415 - as above

        figure = Figure(figsize=(curves.WIDTH, curves.HEIGHT))
        axes = figure.add_axes((0.225, 0.13, 0.485, 0.73))
        curves.draw_curves(axes, found, title=shown(scale), limits=limits)
        return figure

    return Picture(name, f"{shown(scale)}: course within the session, {where}", _course(found), draw)


def trajectories_picture(table: pl.DataFrame, *, name: str) -> Picture:
    """Draw every group (rows) and scale (columns) of `trajectories` in one figure."""
    groups = groups_of(table)
    parts = [(key, part) for key, part in table.group_by(groups, maintain_order=True)] if groups else [((), table)]
    scales = list(dict.fromkeys(table[schema.SCALE].to_list()))
    if len(parts) * len(scales) > MOST_PANELS:
        raise DataError(f"{len(parts) * len(scales):,} curves can't be read: choose groups or scales.")

    def draw() -> Figure:
        from matplotlib.figure import Figure  # noqa: PLC0415 - as above

        figure = Figure(figsize=(curves.WIDTH * len(scales), curves.HEIGHT * len(parts)), layout="constrained")
        grid = figure.subplots(len(parts), len(scales), squeeze=False)
        for (key, part), line in zip(parts, grid, strict=True):
            where = ", ".join(map(shown, key))
            for scale, axes in zip(scales, line, strict=True):
                limits = curves.limits_of(table.filter(table[schema.SCALE] == scale))
                points = part.filter(part[schema.SCALE] == scale)
                title = f"{where}: {shown(scale)}" if where else shown(scale)
                curves.draw_curves(axes, curves.curves_of(points), title=title, limits=limits)
        return figure

    what = f"{len(scales)} scales" + (f" in {len(parts)} groups" if groups else "")
    return Picture(name, TITLES[Kind.TRAJECTORIES], f"Curves of patient and therapist with bands, {what}.", draw)


def _description(rows: Sequence[Row], digits: int, axis: str) -> str:
    """Say in words what a forest plot shows; a long one is left to the table below."""
    drawn = [row for row in rows if not row.heading]
    if len(drawn) > MOST_DESCRIBED:
        return f"Forest plot of {len(drawn)} rows, {axis}. The numbers are in the table."
    heading, words = "", []
    for row in rows:
        heading = f"{row.label}, " if row.heading else heading
        if not row.heading:
            ends = interval(row.low, row.high, digits=digits)
            words.append(f"{heading}{row.label} {number(row.value, digits=digits)} {ends}")
    return f"Forest plot, {axis}: {'; '.join(words)}."


def _course(found: Sequence[curves.Curve]) -> str:
    """Say in words where the curves of a panel begin and end."""
    digits = decimals(value for curve in found for value in curve.mean)
    ends = [
        f"{curve.role} from {number(curve.mean[0], digits=digits)} to {number(curve.mean[-1], digits=digits)}"
        for curve in found
    ]
    return f"From the start to the end of the session: {'; '.join(ends)}." if ends else "Nothing to draw."
