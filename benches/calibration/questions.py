"""The questions, in the order in which they are answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from benches.calibration import coupling, coverage, false_positives, power, published, recovery, register, reliability

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.calibration.cell import Cell, Outcomes, Result


class Question(Protocol):
    """What a question's module has."""

    TITLE: str

    def cells(self) -> list[Cell]:
        """Give what is simulated."""

    def outcomes(self, cell: Cell, seed: int) -> Outcomes:
        """Simulate one table of corpora and read off their numbers."""

    def section(self, results: Sequence[Result]) -> str:
        """Write the section of the page."""


QUESTIONS: Final[dict[str, Question]] = {
    "false_positives": false_positives,
    "published": published,
    "coverage": coverage,
    "coupling": coupling,
    "recovery": recovery,
    "power": power,
    "reliability": reliability,
    "register": register,
}
