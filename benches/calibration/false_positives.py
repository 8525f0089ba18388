"""False positives at .05 of every test over the grid, beside the power and the usual test over turns."""

from __future__ import annotations

import math
import statistics
from typing import TYPE_CHECKING, Final

from benches.calibration import cells as grid
from benches.calibration.intervals import is_above
from benches.calibration.naive import naive_rejections
from benches.calibration.rejections import RESAMPLES, rejections
from benches.calibration.tables import NOTHING, markdown, paragraph, percent, rate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.calibration.cell import Cell, Outcomes, Result

TITLE: Final = "False positives"
QUESTION: Final = "false_positives"
TESTS: Final = (*grid.GAPS, grid.MISALIGNMENT, *grid.SLOPES)
OVER_TURNS: Final = ("gap target", "compare gap", "closing target")


def cells() -> list[Cell]:
    return grid.cells(QUESTION)


def outcomes(cell: Cell, seed: int) -> Outcomes:
    plan = grid.corpora(cell)
    return naive_rejections(plan, seed) if cell.shown["of"] == "turns" else rejections(plan, cell.tests, seed)


def exceptions(results: Sequence[Result]) -> list[str]:
    """Name the cells whose whole Monte Carlo interval lies above .05."""
    return [
        f"{test}: {_name(result.cell)}: {rate(result[test])} %"
        for result in results
        if result.cell.shown["of"] == "null"
        for test in TESTS
        if is_above(result[test])
    ]


def section(results: Sequence[Result]) -> str:
    """Write the summary, the cells that are above, and the whole grid."""
    parts = [
        _intro(),
        _summary(results),
        _named(exceptions(results)),
        _dispersion(results),
        "### All cells",
        _all(results),
    ]
    return "\n\n".join(parts)


def _intro() -> str:
    return paragraph(
        "How often p ≤ .05 where nothing is there, in % of corpora with the 99.9 % Monte Carlo interval",
        "(Clopper and Pearson). A cell is right where the interval includes 5 or lies below it. `gap` and",
        "`closing` are tests within a condition (`target`, `reference`), `compare` is target against",
        "reference. *Power* comes from fewer corpora in which the target has a gap of .5 and a closing rate",
        "of .8 SD of a turn's score. *Over turns* is the usual test that takes turns as independent (Welch's",
        f"t; least squares over u for closing), on the same plans. {RESAMPLES} resamples: a Monte Carlo test",
        "holds its level at any number for which .05 · (number + 1) is whole.",
    )


def _summary(results: Sequence[Result]) -> str:
    null, turns = _kind(results, "null"), _kind(results, "turns")
    rows = []
    for test in TESTS:
        with_p = [result[test] for result in null if result[test].count]
        if not with_p:
            continue
        rates = sorted(tally.mean for tally in with_p)
        naive = sorted(result[test].mean for result in turns if result[test].count)
        rows.append(
            [
                test,
                str(len(rates)),
                percent(rates[0]),
                percent(rates[len(rates) // 2]),
                percent(rates[-1]),
                str(sum(is_above(tally) for tally in with_p)),
                f"{percent(naive[0])} to {percent(naive[-1])}" if naive and test in OVER_TURNS else NOTHING,
            ]
        )
    return markdown(["test", "cells", "lowest", "median", "highest", "cells above 5", "over turns"], rows)


def _dispersion(results: Sequence[Result]) -> str:
    """Tell whether corpora that were simulated together count as independent."""
    found = [result.dispersion(test) for result in _kind(results, "null") for test in TESTS]
    known = [value for value in found if not math.isnan(value)]
    if not known:
        return ""
    return paragraph(
        f"Corpora come in tables of {results[0].cell.together}, which have in common who meets whom and the draws of",
        "resampling. That they count as independent is seen from the number of false positives in chunks of",
        f"{results[0].cell.chunk}: over all cells and tests its variance is {statistics.fmean(known):.3f} times the",
        "binomial one.",
    )


def _named(names: Sequence[str]) -> str:
    if not names:
        return "No cell lies above 5 %."
    return "\n".join(["Cells above 5 %:", "", *(f"- {name}" for name in names)])


def _all(results: Sequence[Result]) -> str:
    power = {_name(result.cell): result for result in _kind(results, "power")}
    turns = {_name(result.cell): result for result in _kind(results, "turns")}
    null = _kind(results, "null")
    if not null:
        return "Not run."
    columns = [name for name in null[0].cell.shown if name != "of"]
    rows = []
    for result in null:
        beside, naive = power.get(_name(result.cell)), turns.get(_name(result.cell))
        above = [test for test in TESTS if is_above(result[test])]
        rows.append(
            [
                *(result.cell.shown[name] for name in columns),
                f"{result.corpora:,}",
                *(rate(result[test]) for test in TESTS),
                f"above: {', '.join(above)}" if above else "ok",
                _listed(beside, TESTS),
                _listed(naive, OVER_TURNS),
            ]
        )
    tests = [f"{test} %" for test in TESTS]
    last = ["verdict", f"power % ({', '.join(TESTS)})", f"over turns % ({', '.join(OVER_TURNS)})"]
    return markdown([*columns, "corpora", *tests, *last], rows)


def _listed(result: Result | None, tests: Sequence[str]) -> str:
    return NOTHING if result is None else " / ".join(percent(result[test].mean, 0) for test in tests)


def _kind(results: Sequence[Result], kind: str) -> list[Result]:
    return [result for result in results if result.cell.shown["of"] == kind and result.corpora]


def _name(cell: Cell) -> str:
    return ", ".join(f"{key} {value}" for key, value in cell.shown.items() if key != "of")
