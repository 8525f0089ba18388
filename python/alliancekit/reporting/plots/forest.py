"""A forest plot: an estimate and its interval a row, a line at zero, the numbers beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from alliancekit.reporting.apa.numbers import interval, number
from alliancekit.reporting.plots.palette import FAINT, INK
from alliancekit.reporting.plots.picture import Mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH: Final = 5.2
ROW: Final = 0.235
BELOW: Final = 0.52
ABOVE: Final = 0.1
BESIDE: Final = 0.16
"""Inches: the figure's width, a row's height, the axis below, the room above, the room beside words."""

MANY_DECIMALS: Final = 3
"""With more, the numbers along the axis need room."""

LONGEST: Final = 26
"""Characters of a label; the whole of a longer one stands in the table."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the plot: a heading where there is no value and `heading` is true.

    Attributes:
        label: what it is about.
        value: the estimate; None where there is none.
        low: lower end of its interval; None where there is none.
        high: upper end.
        colour: of the palette.
        marker: of matplotlib: `o`, `s`, `D`.
        group: by which a page filters.
        heading: whether it is a heading alone.

    """

    label: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    colour: str = INK
    marker: str = "o"
    group: str | None = None
    heading: bool = False


def height(rows: Sequence[Row]) -> float:
    """Give the inches that a plot of these rows needs."""
    return ROW * len(rows) + BELOW + ABOVE


def draw_forest(figure: Figure, rows: Sequence[Row], *, axis: str, digits: int, name: str) -> None:
    """Draw the rows from top to bottom; parts get the ids of `forest_marks`."""
    left = BESIDE + _widest(figure, [(shortened(row.label), row.heading) for row in rows])
    right = BESIDE + _widest(figure, [(_numbers(row, digits), False) for row in rows])
    wide, tall = (float(size) for size in figure.get_size_inches())
    box = (left / wide, BELOW / tall, (wide - left - right) / wide, (tall - BELOW - ABOVE) / tall)
    axes = figure.add_axes(box)
    axes.axvline(0, color=FAINT, linewidth=0.8, linestyle=(0, (4, 3)), zorder=1)
    for at, row in enumerate(rows):
        _draw_row(axes, row, at, digits, f"{name}-{at}")
    _finish(axes, rows, axis, ticks=3 if digits > MANY_DECIMALS else 4)


def forest_marks(rows: Sequence[Row], *, digits: int, name: str) -> dict[str, Mark]:
    """Say what each row of `draw_forest` stands for."""
    return {
        f"{name}-{at}": Mark(f"{row.label}: {_numbers(row, digits)}", row.group)
        for at, row in enumerate(rows)
        if row.value is not None
    }


def shortened(label: str) -> str:
    """Cut a label that would leave no room for the plot.

    >>> shortened("suicidality"), len(shortened("x" * 100))
    ('suicidality', 26)

    """
    return label if len(label) <= LONGEST else f"{label[: LONGEST - 1]}…"


def _widest(figure: Figure, labels: Sequence[tuple[str, bool]]) -> float:
    """Measure words, bold ones marked, in inches."""
    widest = 0.0
    for words, bold in dict.fromkeys(labels):
        text = figure.text(0, 0, words, weight="bold" if bold else "normal")
        widest = max(widest, text.get_window_extent().width / figure.dpi)
        text.remove()
    return widest


def _draw_row(axes: Axes, row: Row, at: int, digits: int, gid: str) -> None:
    beside = axes.get_yaxis_transform()
    weight = "bold" if row.heading else "normal"
    axes.text(-0.03, at, shortened(row.label), transform=beside, ha="right", va="center", weight=weight)
    if row.heading:
        return
    axes.text(1.02, at, _numbers(row, digits), transform=beside, ha="left", va="center", fontsize=8, color=INK)
    if row.value is None:
        return
    ends = _ends(row)
    axes.errorbar(
        row.value,
        at,
        xerr=None if ends is None else [[row.value - ends[0]], [ends[1] - row.value]],
        color=row.colour,
        marker=row.marker,
        markersize=5.5,
        markerfacecolor="none" if ends is None else row.colour,
        linewidth=1.6,
        capsize=0,
    )
    for part in axes.containers[-1].get_children():
        part.set_gid(gid)


def _finish(axes: Axes, rows: Sequence[Row], axis: str, *, ticks: int) -> None:
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_xlim(*_limits(rows))
    axes.set_xlabel(axis, loc="left")
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.locator_params(axis="x", nbins=ticks)
    axes.tick_params(axis="x", length=3)


def _limits(rows: Sequence[Row]) -> tuple[float, float]:
    ends = [0.0, *(end for row in rows for end in _numbers_of(row))]
    low, high = min(ends), max(ends)
    margin = 0.06 * (high - low) or 1.0
    return low - margin, high + margin


def _numbers_of(row: Row) -> Iterator[float]:
    return (end for end in (row.value, row.low, row.high) if end is not None and math.isfinite(end))


def _ends(row: Row) -> tuple[float, float] | None:
    """Give an interval that holds the estimate: the studentised one need not, and matplotlib wants lengths."""
    if row.value is None or row.low is None or row.high is None:
        return None
    return min(row.low, row.value), max(row.high, row.value)


def _numbers(row: Row, digits: int) -> str:
    if row.heading:
        return ""
    ends = interval(row.low, row.high, digits=digits)
    return (
        f"{number(row.value, digits=digits)} {ends}" if row.low is not None else f"{number(row.value, digits=digits)}"
    )
