"""Planted values come back: many sessions, so that what is left is bias and not chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benches.calibration.cell import Cell
from benches.calibration.cells import SCALE, TARGET
from benches.calibration.tables import NOTHING, markdown, paragraph, percent

import alliancekit as ak
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.quick import simulate_sessions
from alliancekit.stats.simulation.truth import simulation_truth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from benches.calibration.cell import Outcomes, Result

TITLE: Final = "Recovery"
QUESTION: Final = "recovery"
SESSIONS: Final = 20_000
COUPLED_SESSIONS: Final = 2_000
CORPORA: Final = 50
RESAMPLES: Final = 99
WORST: Final = 0.02
SURE: Final = 3.0
VALUES: Final = ("gap", "gap_mid", "misalignment", "closing_rate", "coupling")
PLANS: Final[Mapping[str, Mapping[str, Any]]] = {
    "as it comes": {},
    "autocorrelation .5": {"autocorrelation": 0.5},
    "ICC .2, slopes vary": {"icc": 0.2, "slope_sd": 0.5},
    "lognormal, skew 2": {"skew": 2.0, "distribution": "lognormal"},
    "lengths vary": {"turns_cv": 0.3},
    "short sessions": {"turns": 20},
    "common drift": {"drift": 1.0},
    "therapists and dyads": {
        "icc": {"therapist": 0.05, "dyad": 0.05},
        "sessions_per_dyad": 4,
        "dyads_per_therapist": 5,
    },
}


def cells() -> list[Cell]:
    found = []
    for name, options in PLANS.items():
        for what, sessions in (("means and lines", SESSIONS), ("coupling", COUPLED_SESSIONS)):
            plan = SimulationPlan(
                {TARGET: sessions},
                scales=(SCALE,),
                scale_correlation=0.0,
                gap=0.3,
                closing_rate=0.3,
                coupling=0.3,
                **options,
            )
            found.append(Cell(QUESTION, {"plan": name, "of": what}, plan, fixed=CORPORA, chunk=1, together=1))
    return found


def outcomes(cell: Cell, seed: int) -> Outcomes:
    """Give each estimate relative to its true value."""
    truth = simulation_truth(cell.plan).row(0, named=True)
    found = _coupling(cell.plan, seed) if cell.shown["of"] == "coupling" else _lines(cell.plan, seed)
    return {name: [value / truth[name.removesuffix("_mid")] - 1] for name, value in found.items()}


def _lines(plan: SimulationPlan, seed: int) -> dict[str, float]:
    table = simulate_sessions(plan, seed=seed)
    bias = ak.gap(table, resamples=RESAMPLES, threads=1).row(0, named=True)
    line = ak.convergence(table, coupling=False, resamples=RESAMPLES, threads=1).row(0, named=True)
    taken = {"gap": bias, "misalignment": bias, "gap_mid": line, "closing_rate": line}
    return {name: row[name] for name, row in taken.items()}


def _coupling(plan: SimulationPlan, seed: int) -> dict[str, float]:
    turns = simulate(plan, seed=seed)
    line = ak.convergence(turns, scales=[SCALE], resamples=RESAMPLES, threads=1).row(0, named=True)
    return {"coupling": line["coupling"]}


def section(results: Sequence[Result]) -> str:
    done = max(result.corpora for result in results)
    head = paragraph(
        f"Mean error of estimates in % of the planted value, ± its Monte Carlo standard error, over {done}",
        f"corpora of {SESSIONS:,} sessions ({COUPLED_SESSIONS:,} for coupling). Planted: gap .3, closing rate",
        ".3, coupling .3; the misalignment follows from gap and ICC. Right is an error below",
        f"{percent(WORST, 0)} %.",
    )
    drift = paragraph(
        "*Common drift* is an exception by definition, not by an error of the estimate: where the therapist speaks",
        "second, the therapist's turns lie one turn later, and a drift of both sides of 1 SD over the session adds",
        "1 / (turns - 1) to the difference of the two means. `gap_mid`, from the two lines at one position, does not",
        "hold it, and neither does a difference between conditions with the same drift.",
    )
    names = list(dict.fromkeys(result.cell.shown["plan"] for result in results))
    rows = [[name, *(_error(results, name, value) for value in VALUES), _verdict(results, name)] for name in names]
    table = markdown(["plan", *(f"{value} %" for value in VALUES), "verdict"], rows)
    return f"{head}\n\n{table}\n\n{drift}"


def _error(results: Sequence[Result], plan: str, value: str) -> str:
    for result in results:
        tally = result[value]
        if result.cell.shown["plan"] == plan and tally.count:
            return f"{100 * tally.mean:+.2f} ± {100 * tally.error:.2f}"
    return NOTHING


def _verdict(results: Sequence[Result], plan: str) -> str:
    """Tell bias from chance: an error counts where it is three of its Monte Carlo errors from 0."""
    large = [
        (value, abs(result[value].mean) > SURE * result[value].error)
        for result in results
        for value in VALUES
        if result.cell.shown["plan"] == plan and abs(result[value].mean) >= WORST
    ]
    biased, unsure = ([value for value, sure in large if sure is wanted] for wanted in (True, False))
    words = [
        f"{word}: {', '.join(values)}" for word, values in (("biased", biased), ("too few corpora", unsure)) if values
    ]
    return "; ".join(words) or "ok"
