"""The grid of the false positives, as data."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain, product
from typing import TYPE_CHECKING, Any, Final

from benches.calibration.cell import Cell
from benches.calibration.tables import short

from alliancekit.stats.simulation.plan import SimulationPlan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TARGET, REFERENCE = "target", "reference"
SCALE: Final = "bond"
SIZES: Final = {"12 v 939": (12, 939), "60 v 60": (60, 60), "12 v 71": (12, 71)}
WHOLE: Final = ("12 v 939", "60 v 60")
"""Sizes that go through the whole grid; the third is where unequal spreads are hardest for a permutation."""
ICC: Final = (0.0, 0.1, 0.2)
AUTOCORRELATION: Final = (0.0, 0.5)
SD_RATIO: Final = (0.5, 1.0, 2.0)
SKEW: Final = (0.0, 1.0)
SINGLE: Final = "1 session each"
SHARED_ICC: Final = ({"therapist": 0.1}, {"therapist": 0.05, "dyad": 0.05, "session": 0.1})
GAPS: Final = ("gap target", "gap reference", "compare gap")
SLOPES: Final = ("closing target", "closing reference", "compare closing")
MISALIGNMENT: Final = "compare misalignment"
EFFECTS: Final = {"gap": {TARGET: 0.5}, "closing_rate": {TARGET: 0.8}}
"""What is planted to see the power, in SDs of a turn's score."""


def base(sizes: tuple[int, int], **options: Any) -> SimulationPlan:  # noqa: ANN401 - fields of the plan, each of its type
    """Give a plan of one scale with two conditions; skewness is not weakened by mixing scales."""
    return SimulationPlan({TARGET: sizes[0], REFERENCE: sizes[1]}, scales=(SCALE,), scale_correlation=0.0, **options)


def corpora(cell: Cell) -> SimulationPlan:
    """Give the plan of a whole table: its corpora are the scales, independent of each other.

    They have in common who meets whom and the draws of resampling, which decide nothing about their scores.
    """
    return replace(cell.plan, scales=tuple(f"{SCALE}{number:04}" for number in range(cell.together)))


def grid() -> Iterator[tuple[Mapping[str, str], dict[str, Any], tuple[str, ...]]]:
    """Give each cell's columns, the plan's options, and the tests whose null hypothesis holds in it."""
    yield from _independent()
    yield from _therapists()
    yield from _slopes()
    yield from _equal_misalignment()


def cells(question: str) -> list[Cell]:
    """Give each place of the grid three times: without an effect, with one, and for the tests over turns."""
    found = []
    for shown, options, null in grid():
        plan = base(SIZES[shown["sessions"]], **options)
        planted = base(SIZES[shown["sessions"]], **(options | EFFECTS))
        found += [
            Cell(question, {**shown, "of": "null"}, plan, null),
            Cell(question, {**shown, "of": "power"}, planted, null, share=0.1),
            Cell(question, {**shown, "of": "turns"}, plan, share=0.1),
        ]
    return found


def _shown(sizes: str, options: Mapping[str, Any], therapists: str = SINGLE, slopes: str = "0") -> dict[str, str]:
    icc = options["icc"]
    return {
        "sessions": sizes,
        "ICC": short(icc) if isinstance(icc, float) else ", ".join(f"{name} {short(icc[name])}" for name in icc),
        "autocorrelation": short(options["autocorrelation"]),
        "SD ratio": short(options["sd_ratio"][TARGET]),
        "draws": "gamma, skew 1" if options["skew"] else "normal",
        "therapists": therapists,
        "SD of slopes": slopes,
    }


def _options(icc: object, phi: float, ratio: float, skew: float) -> dict[str, Any]:
    return {"icc": icc, "autocorrelation": phi, "sd_ratio": {TARGET: ratio}, "skew": skew}


def _independent() -> Iterator[tuple[Mapping[str, str], dict[str, Any], tuple[str, ...]]]:
    """Every session with a therapist of its own: all combinations."""
    whole = product(WHOLE, ICC, AUTOCORRELATION, SD_RATIO, SKEW)
    small = product(("12 v 71",), (0.1,), (0.0,), SD_RATIO, SKEW)
    for sizes, icc, phi, ratio, skew in chain(whole, small):
        equal = (MISALIGNMENT,) if ratio == 1 or icc == 0 else ()
        options = _options(icc, phi, ratio, skew)
        yield _shown(sizes, options), options, (*GAPS, *equal, *SLOPES)


def _therapists() -> Iterator[tuple[Mapping[str, str], dict[str, Any], tuple[str, ...]]]:
    """Therapists with several dyads, of one condition (nested) or of both (crossed)."""
    for sizes, therapists, icc, ratio, skew in product(WHOLE, ("nested", "crossed"), SHARED_ICC, (1.0, 2.0), SKEW):
        dyads = 2 if therapists == "nested" else 3
        options = _options(icc, 0.5, ratio, skew) | {"therapists": therapists, "dyads_per_therapist": dyads}
        equal = (MISALIGNMENT,) if ratio == 1 else ()
        yield _shown(sizes, options, f"{therapists}, {dyads} dyads each"), options, (*GAPS, *equal, *SLOPES)


def _slopes() -> Iterator[tuple[Mapping[str, str], dict[str, Any], tuple[str, ...]]]:
    """Sessions, or therapists, that differ in how their gap moves."""
    for sizes, level, phi, skew in product(WHOLE, ("session", "therapist"), AUTOCORRELATION, SKEW):
        options = _options(0.1, phi, 1.0, skew) | {"slope_sd": {level: 1.0}, "dyads_per_therapist": 2}
        yield _shown(sizes, options, "nested, 2 dyads each", f"1, {level}"), options, (*GAPS, MISALIGNMENT, *SLOPES)


def _equal_misalignment() -> Iterator[tuple[Mapping[str, str], dict[str, Any], tuple[str, ...]]]:
    """Unequal spreads with gaps that make the misalignment equal: the narrower condition has √(difference)."""
    for sizes, icc, ratio, skew in product(WHOLE, ICC[1:], (0.5, 2.0), SKEW):
        excess = 2 * icc * (1 - ratio**2)
        gaps = {TARGET: max(excess, 0.0) ** 0.5, REFERENCE: max(-excess, 0.0) ** 0.5}
        options = _options(icc, 0.0, ratio, skew) | {"gap": gaps}
        yield _shown(sizes, options, f"{SINGLE}; equal misalignment"), options, (MISALIGNMENT,)
