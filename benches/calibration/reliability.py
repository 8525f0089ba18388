"""How reliable a session's score is: as the plan predicts, as simulated, and the turns that .8 needs."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

import numpy as np
from benches.calibration.cell import Cell
from benches.calibration.cells import SCALE, TARGET
from benches.calibration.tables import markdown, number, paragraph, short

from alliancekit.stats.sessions import sessions
from alliancekit.stats.simulate import simulate
from alliancekit.stats.simulation.effects import session_means
from alliancekit.stats.simulation.layout import lay_out
from alliancekit.stats.simulation.plan import SimulationPlan
from alliancekit.stats.simulation.reliability import Score, reliability, turns_for_reliability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.calibration.cell import Outcomes, Result

TITLE: Final = "Reliability of a session's scores"
QUESTION: Final = "reliability"
ICC: Final = (0.02, 0.05, 0.1, 0.2)
AUTOCORRELATION: Final = (0.0, 0.25, 0.5)
SESSIONS: Final = 4_000
CORPORA: Final = 10
WANTED: Final = 0.8
SCORES: Final[dict[Score, str]] = {"role": "Mean of one role", "gap": "Gap"}


def cells() -> list[Cell]:
    return [
        Cell(
            QUESTION,
            {"ICC": short(icc), "autocorrelation": short(phi)},
            _plan(icc, phi),
            fixed=CORPORA,
            chunk=1,
            together=1,
        )
        for icc, phi in product(ICC, AUTOCORRELATION)
    ]


def _plan(icc: float, phi: float) -> SimulationPlan:
    return SimulationPlan({TARGET: SESSIONS}, scales=(SCALE,), scale_correlation=0.0, icc=icc, autocorrelation=phi)


def outcomes(cell: Cell, seed: int) -> Outcomes:
    """Correlate a session's score with its true value, and take what the session table says of itself."""
    table = sessions(simulate(cell.plan, seed=seed), scales=[SCALE])
    true_gap = session_means(cell.plan, lay_out(cell.plan, seed), seed)
    patient = (true_gap.shared - true_gap.gap / 2)[:, 0]
    return {
        "role": [_squared_correlation(patient, table["patient_mean"].to_numpy())],
        "gap": [_squared_correlation(true_gap.gap[:, 0], table["gap"].to_numpy())],
        "role, split-half": [table["patient_reliability"][0]],
        "gap, split-half": [table["gap_reliability"][0]],
    }


def _squared_correlation(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.corrcoef(first, second)[0, 1] ** 2)


def section(results: Sequence[Result]) -> str:
    head = paragraph(
        "Predicted: `reliability(plan)`. Simulated: the squared correlation of 60-turn sessions' scores with",
        "their true values, ± its Monte Carlo standard error, over",
        f"{max(result.corpora for result in results)} corpora of {SESSIONS:,} sessions. Split-half: what the",
        "session table says of itself without knowing the truth. Turns: those of both roles together that a",
        f"reliability of {short(WANTED)} needs.",
    )
    return "\n\n".join([head, *(f"**{title}**\n\n{_table(results, score)}" for score, title in SCORES.items())])


def _table(results: Sequence[Result], score: Score) -> str:
    rows = [
        [
            *result.cell.shown.values(),
            number(reliability(result.cell.plan, score=score)),
            f"{number(result[score].mean)} ± {number(result[score].error, 4)}",
            number(result[f"{score}, split-half"].mean),
            f"{turns_for_reliability(result.cell.plan, WANTED, score=score):,}",
        ]
        for result in results
    ]
    return markdown(["ICC", "autocorrelation", "predicted", "simulated", "split-half", "turns for .8"], rows)
