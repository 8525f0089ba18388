"""The published kind of test: one role's turns of twelve sessions against those of 939, as if independent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from benches.calibration.cell import Cell
from benches.calibration.cells import SIZES, base, corpora
from benches.calibration.naive import naive_rejections
from benches.calibration.tables import markdown, rate, short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.calibration.cell import Outcomes, Result

TITLE: Final = "Turns as if they were independent"
QUESTION: Final = "published"
ICC: Final = (0.0, 0.02, 0.05, 0.1, 0.2)
TURNS: Final = 120


def cells() -> list[Cell]:
    sizes = "12 v 939"
    plans = {short(icc): base(SIZES[sizes], icc=icc, turns=TURNS) for icc in ICC}
    return [Cell(QUESTION, {"sessions": sizes, "ICC": icc}, plan, share=0.2) for icc, plan in plans.items()]


def outcomes(cell: Cell, seed: int) -> Outcomes:
    return {"welch": naive_rejections(corpora(cell), seed)["compare patient"]}


def section(results: Sequence[Result]) -> str:
    rows = [[*result.cell.shown.values(), f"{result.corpora:,}", rate(result["welch"])] for result in results]
    return (
        "Welch's t-test over the patient's turns, 60 a session, 12 sessions against 939, no effect planted.\n\n"
        + markdown(["sessions", "ICC", "corpora", "p ≤ .05, %"], rows)
    )
