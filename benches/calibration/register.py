"""A difference of register between the roles: what it makes of the overall gap, and what it leaves alone."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final, get_args

import polars as pl
from benches.calibration.cell import Cell
from benches.calibration.cells import REFERENCE, TARGET
from benches.calibration.tables import markdown, paragraph, short

import alliancekit as ak
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.register import Method, simulate_register

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.calibration.cell import Outcomes, Result, Tally

TITLE: Final = "Register"
QUESTION: Final = "register"
SHIFTS: Final = (0.0, 0.05, 0.1)
METHODS: Final[tuple[Method, ...]] = get_args(Method)
SESSIONS: Final = 200
CORPORA: Final = 20
SCALES: Final = ("task", "bond", "goal")
READINGS: Final = {
    "gap": "Gap of the reference, in which none is planted",
    "contrast": "Gap of the target less gap of the reference; 1 is planted",
    "slope": "Slope of the target's gap; -1 is planted",
}


def cells() -> list[Cell]:
    plan = SimulationPlan({TARGET: SESSIONS, REFERENCE: SESSIONS}, gap={TARGET: 1.0}, closing_rate={TARGET: 1.0})
    return [
        Cell(QUESTION, {"method": method, "shift": short(shift)}, plan, size=shift, fixed=CORPORA, chunk=1, together=1)
        for method, shift in product(METHODS, SHIFTS)
    ]


def outcomes(cell: Cell, seed: int) -> Outcomes:
    method = next(method for method in METHODS if method == cell.shown["method"])
    corpus = seed - cell.first_seed
    turns = simulate_register(cell.plan, shift=cell.size, method=method, seed=corpus)
    means = (
        ak.sessions(turns, scales=list(SCALES))
        .group_by("condition", "scale")
        .agg(pl.col("gap_mid", "gap_slope").mean())
    )
    found = {(row["condition"], row["scale"]): row for row in means.iter_rows(named=True)}
    readings: dict[str, list[float]] = {}
    for scale in SCALES:
        target, reference = found[TARGET, scale], found[REFERENCE, scale]
        readings[f"gap {scale}"] = [reference["gap_mid"]]
        readings[f"contrast {scale}"] = [target["gap_mid"] - reference["gap_mid"]]
        readings[f"slope {scale}"] = [target["gap_slope"]]
    return readings


def section(results: Sequence[Result]) -> str:
    head = paragraph(
        "`simulate_register`: embeddings of 384 numbers whose roles differ along one direction, so that the",
        "therapists' similarity to every sentence is higher by *shift*; scored with the structure of the",
        "published key (task 7+/5-, bond 9+/3-, goal 6+/6-). Means ± Monte Carlo standard errors over",
        f"{max(result.corpora for result in results)} corpora of {SESSIONS} sessions in each condition, in",
        "cosines (a planted SD of a turn is worth less than one: compare within a method and scale).",
    )
    parts = [f"**{title}**\n\n{_table(results, reading)}" for reading, title in READINGS.items()]
    return "\n\n".join([head, *parts])


def _table(results: Sequence[Result], reading: str) -> str:
    rows = [
        [*result.cell.shown.values(), *(_value(result[f"{reading} {scale}"]) for scale in SCALES)] for result in results
    ]
    return markdown(["method", "shift", *SCALES], rows)


def _value(tally: Tally) -> str:
    return f"{tally.mean:+.4f} ± {tally.error:.4f}"
