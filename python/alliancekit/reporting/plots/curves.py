"""Curves of patient and therapist over the session, with bands and their names beside them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.reporting.plots.palette import INK, PATIENT, THERAPIST

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl
    from matplotlib.axes import Axes

WIDTH: Final = 2.55
HEIGHT: Final = 2.0
APART: Final = 0.13
"""Share of the axis that two names are kept apart."""

BAND: Final = 0.18
Dashes = tuple[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Look:
    """How a role is drawn; it can be told by colour, by line or by marker alone."""

    colour: str
    dashes: Dashes
    marker: str


LOOKS: Final = {
    schema.PATIENT: Look(PATIENT, (0, (5, 2)), "o"),
    schema.THERAPIST: Look(THERAPIST, (0, ()), "s"),
    "gap": Look(INK, (0, ()), "D"),
}


@dataclass(frozen=True, slots=True)
class Curve:
    """One role's curve: points with a mean, the band None where there is none at a point."""

    role: str
    u: Sequence[float]
    mean: Sequence[float]
    low: Sequence[float | None]
    high: Sequence[float | None]


def curves_of(points: pl.DataFrame, roles: Sequence[str] = schema.ROLES) -> list[Curve]:
    """Take the curves from the rows of one group and scale of `trajectories`; points without a mean are left out."""
    found = []
    for role in roles:
        rows = points.filter((points[schema.ROLE] == role) & points["mean"].is_not_null())
        columns = [rows[name].to_list() for name in ("u", "mean", "band_low", "band_high")]
        if rows.height:
            found.append(Curve(role, *columns))
    return found


def draw_curves(axes: Axes, curves: Sequence[Curve], *, title: str, limits: tuple[float, float] | None = None) -> None:
    """Draw the curves with their bands, names at their ends."""
    for curve in curves:
        look = LOOKS[curve.role]
        band = [at for at, low in enumerate(curve.low) if low is not None and curve.high[at] is not None]
        axes.plot(
            curve.u,
            curve.mean,
            color=look.colour,
            linestyle=look.dashes,
            marker=look.marker,
            markersize=3,
            linewidth=1.4,
        )
        if band:
            low, high = ([float(side[at] or 0.0) for at in band] for side in (curve.low, curve.high))
            axes.fill_between([curve.u[at] for at in band], low, high, color=look.colour, alpha=BAND, linewidth=0)
    axes.set_title(title, loc="left", fontsize=9, fontweight="bold")
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.5, 1], ["start", "middle", "end"])
    axes.locator_params(axis="y", nbins=5)
    axes.tick_params(length=3, labelsize=8)
    if limits is not None:
        axes.set_ylim(*limits)
    _names(axes, curves)


def limits_of(points: pl.DataFrame) -> tuple[float, float] | None:
    """Give an axis that holds the means and bands of all panels of one scale; None where there is nothing."""
    rows = points.filter(points[schema.ROLE].is_in(schema.ROLES))
    values = [value for name in ("mean", "band_low", "band_high") for value in rows[name].drop_nulls()]
    if not values:
        return None
    margin = 0.04 * (max(values) - min(values)) or 1.0
    return min(values) - margin, max(values) + margin


def _names(axes: Axes, curves: Sequence[Curve]) -> None:
    """Write each curve's name beside its end, apart from the others."""
    low, high = axes.get_ylim()
    heights = _apart([(curve.mean[-1] - low) / (high - low) for curve in curves])
    for curve, at in zip(curves, heights, strict=True):
        axes.text(
            1.02, at, curve.role, transform=axes.transAxes, color=LOOKS[curve.role].colour, va="center", fontsize=8.5
        )


def _apart(heights: Sequence[float]) -> list[float]:
    """Move names that would lie over each other, in their order.

    >>> [round(height, 3) for height in _apart([0.50, 0.52])]
    [0.445, 0.575]

    """
    placed = list(heights)
    order = sorted(range(len(placed)), key=lambda at: placed[at])
    for lower, upper in pairwise(order):
        lack = APART - (placed[upper] - placed[lower])
        if lack > 0:
            placed[lower] -= lack / 2
            placed[upper] += lack / 2
    return placed
