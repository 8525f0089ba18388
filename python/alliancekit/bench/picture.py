"""Turns a second of each tier over the number of threads, as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.reporting.plots.palette import FAINT, INK, PATIENT, THERAPIST
from alliancekit.reporting.plots.picture import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Drawing

    from alliancekit.bench.result import Bench

MARKERS: Final = ("o", "s", "^", "D")
COLOURS: Final = (INK, PATIENT, THERAPIST, FAINT)


def picture(bench: Bench) -> Picture:
    """Draw what was found: a line a tier, its name beside it; a cross where repeats were scored once."""
    fastest = max(bench.figures, key=lambda figure: figure.turns_per_s)
    return Picture(
        name="bench",
        title="Turns a second by threads",
        description=(
            f"A line for each precision. The fastest is {fastest.precision} on {fastest.threads} threads, "
            f"{fastest.turns_per_s:,.0f} turns a second. A cross: repeats scored once."
        ),
        draw=lambda: _draw(bench),
    )


def _draw(bench: Bench) -> Drawing:
    from matplotlib.figure import Figure as Drawing  # noqa: PLC0415 - takes half a second

    drawing = Drawing(figsize=(5.5, 3.4), layout="constrained")
    axes = drawing.subplots()
    for place, tier in enumerate(tier for tier in bench.tiers if tier.engine):
        _line(axes, bench, tier.precision, place)
    axes.set_xlabel("threads")
    axes.set_ylabel("turns a second")
    axes.set_ylim(bottom=0)
    axes.set_xticks(sorted({figure.threads for figure in bench.figures}))
    axes.margins(x=0.25)
    return drawing


def _line(axes: Axes, bench: Bench, precision: str, place: int) -> None:
    colour, marker = COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)]
    every = [figure for figure in bench.figures if figure.precision == precision and not figure.repeats_once]
    once = [figure for figure in bench.figures if figure.precision == precision and figure.repeats_once]
    axes.plot([f.threads for f in every], [f.turns_per_s for f in every], color=colour, marker=marker, markersize=4)
    axes.plot([f.threads for f in once], [f.turns_per_s for f in once], color=colour, marker="x", linestyle="none")
    last = every[-1]
    axes.annotate(
        precision,
        (last.threads, last.turns_per_s),
        xytext=(6, 0),
        textcoords="offset points",
        color=colour,
        va="center",
    )
