"""Coupling: false positives and power of the test against mismatched pairs, which needs the turns themselves."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from benches.calibration.cell import Cell
from benches.calibration.cells import SCALE, TARGET, corpora
from benches.calibration.intervals import is_above
from benches.calibration.rejections import RESAMPLES, rejected
from benches.calibration.tables import NOTHING, markdown, paragraph, percent, rate, short

import alliancekit as ak
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.plan import SimulationPlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.calibration.cell import Outcomes, Result

TITLE: Final = "Coupling"
QUESTION: Final = "coupling"
SESSIONS: Final = (12, 60)
DYADS: Final = {"1 session each": 1, "2 sessions a dyad": 2}
PLANTED: Final = 0.2


def cells() -> list[Cell]:
    found = []
    for sessions, (name, a_dyad), phi, drift in product(SESSIONS, DYADS.items(), (0.0, 0.5), (0.0, 1.0)):
        for of, coupling, share in (("null", 0.0, 0.5), ("power", PLANTED, 0.1)):
            plan = SimulationPlan(
                {TARGET: sessions},
                scales=(SCALE,),
                scale_correlation=0.0,
                sessions_per_dyad=a_dyad,
                turns_cv=0.2,
                autocorrelation=phi,
                drift=drift,
                coupling=coupling,
            )
            shown = {"sessions": str(sessions), "dyads": name, "autocorrelation": short(phi), "drift": short(drift)}
            found.append(Cell(QUESTION, {**shown, "of": of}, plan, share=share))
    return found


def outcomes(cell: Cell, seed: int) -> Outcomes:
    plan = corpora(cell)
    rows = ak.convergence(simulate(plan, seed=seed), scales=plan.scales, resamples=RESAMPLES, seed=seed, threads=1)
    return {"coupling": rejected(rows["coupling_p_value"])}


def section(results: Sequence[Result]) -> str:
    head = paragraph(
        "How often `coupling_p_value` ≤ .05, in %, where the two sides of a session do not move together",
        f"(null) and where they do with a correlation of {short(PLANTED)} (power). Lengths vary by 20 %; a",
        "drift common to both sides must not pass for coupling.",
    )
    power = {_place(result): result for result in results if result.cell.shown["of"] == "power"}
    rows = [
        [
            *_place(result),
            f"{result.corpora:,}",
            rate(result["coupling"]),
            "above" if is_above(result["coupling"]) else "ok",
            percent(power[_place(result)]["coupling"].mean, 0) if _place(result) in power else NOTHING,
        ]
        for result in results
        if result.cell.shown["of"] == "null"
    ]
    headers = ["sessions", "dyads", "autocorrelation", "drift", "corpora", "p ≤ .05, %", "verdict", "power %"]
    return f"{head}\n\n{markdown(headers, rows)}"


def _place(result: Result) -> tuple[str, ...]:
    return tuple(text for name, text in result.cell.shown.items() if name != "of")
