"""Power by the number of target sessions and the size of the effect: what a study can hope to see."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from benches.calibration.cell import Cell
from benches.calibration.cells import TARGET, base, corpora
from benches.calibration.rejections import rejections
from benches.calibration.tables import NOTHING, markdown, paragraph, percent, short

from alliancekit.stats.simulation.reliability import reliability, signal_variance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.calibration.cell import Outcomes, Result

TITLE: Final = "Power"
QUESTION: Final = "power"
SESSIONS: Final = (6, 8, 12, 20, 30, 50)
EFFECTS: Final = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
REFERENCE_SESSIONS: Final = 300
TESTS: Final = {"gap target": "`gap` of the target", "compare gap": "`compare`, target against 300 sessions"}


def cells() -> list[Cell]:
    found = []
    for sessions, effect in product(SESSIONS, EFFECTS):
        plan = base((sessions, REFERENCE_SESSIONS))
        spread = (signal_variance(plan, "gap") / reliability(plan, score="gap")) ** 0.5
        planted = base((sessions, REFERENCE_SESSIONS), gap={TARGET: effect * spread})
        shown = {"target sessions": str(sessions), "effect": short(effect)}
        found.append(Cell(QUESTION, shown, planted, share=0.2))
    return found


def outcomes(cell: Cell, seed: int) -> Outcomes:
    return rejections(corpora(cell), tuple(TESTS), seed)


def section(results: Sequence[Result]) -> str:
    corpora = max((result.corpora for result in results), default=0)
    head = paragraph(
        "How often p ≤ .05, in % of corpora, where the target's gap differs from 0 (and from the reference's)",
        f"by so many SDs of a session's gap. 60 turns a session, ICC .1, normal draws, {corpora:,} corpora a",
        "number. With 6 sessions the smallest p of an exact test is 2/64: power comes only from large",
        "effects.",
    )
    return "\n\n".join([head, *(f"**{title}**\n\n{_table(results, test)}" for test, title in TESTS.items())])


def _table(results: Sequence[Result], test: str) -> str:
    by_place = {tuple(result.cell.shown.values()): result for result in results}
    rows = [
        [str(sessions), *(_power(by_place.get((str(sessions), short(effect))), test) for effect in EFFECTS)]
        for sessions in SESSIONS
    ]
    return markdown(["target sessions", *(f"{short(effect)} SD" for effect in EFFECTS)], rows)


def _power(result: Result | None, test: str) -> str:
    return NOTHING if result is None else percent(result[test].mean, 0)
