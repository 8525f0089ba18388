"""Scoring keys of the Working Alliance Inventory: numbers of items, by scale and key, and never their wording.

The wording is copyrighted: a user with rights to it fills it into a template. The 36-item key is that of Horvath and
Greenberg (1989); those of the 12-item forms are of Tracey and Kokotovic (1989), whose short form takes its items from
the 36, and of Hatcher and Gillaspy (2006), whose revised form is keyed one way only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ScoringKey:
    """A published form: for each scale its items, in order, those keyed -1 with a minus sign."""

    name: str
    title: str
    scales: dict[str, tuple[int, ...]]

    @property
    def items(self) -> list[tuple[int, str, int]]:
        """Number, scale and key of each item, by number."""
        rows = [(abs(n), scale, 1 if n > 0 else -1) for scale, numbers in self.scales.items() for n in numbers]
        return sorted(rows)


WAI_36: Final = ScoringKey(
    "wai-36",
    "Working Alliance Inventory, 36 items",
    {
        "task": (2, 4, -7, -11, 13, -15, 16, 18, 24, -31, -33, 35),
        "bond": (-1, 5, 8, 17, 19, -20, 21, 23, 26, 28, -29, 36),
        "goal": (-3, 6, -9, -10, -12, 14, 22, 25, -27, 30, 32, -34),
    },
)

WAI_S_12: Final = ScoringKey(
    "wai-s-12",
    "Working Alliance Inventory, short form (Tracey and Kokotovic), 12 items",
    {"task": (1, 2, 8, 12), "bond": (3, 5, 7, 9), "goal": (-4, 6, -10, 11)},
)

WAI_SR_12: Final = ScoringKey(
    "wai-sr-12",
    "Working Alliance Inventory, short form revised (Hatcher and Gillaspy), 12 items",
    {"task": (1, 2, 10, 12), "bond": (3, 5, 7, 9), "goal": (4, 6, 8, 11)},
)

KEYS: Final = {key.name: key for key in (WAI_36, WAI_S_12, WAI_SR_12)}
"""By the name under which a template is asked for."""
