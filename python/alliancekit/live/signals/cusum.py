"""The cumulative sum of surprise: large when small surprises go the same way for long.

C_i = max(0, C_{i-1} + x_i - k) (Page 1954, Biometrika 41, p. 100), with k half of what the change looked for adds to
each x, which makes it the quickest test for that change (Moustakides 1986, Ann. Stat. 14, p. 1379).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN: Final = 20
"""The most turns that a signal names as evidence, the latest ones."""


class Cusum:
    """A one-sided cumulative sum and the turns it has been made of since it last was zero.

    >>> cusum = Cusum(0.5)
    >>> for turn, surprise in enumerate((2.0, 0.1, -3.0, 1.5)):
    ...     cusum.include(turn, surprise)
    >>> cusum.value, cusum.turns
    (1.0, [3])
    """

    __slots__ = ("allowance", "count", "limit", "turns", "value")

    def __init__(self, allowance: float, limit: float = float("inf")) -> None:
        self.allowance = allowance
        self.limit = limit
        self.value = 0.0
        self.count = 0
        self.turns: list[int] = []

    def include(self, turn_index: int, surprise: float) -> None:
        """Take in a turn; positive surprise adds."""
        self.count += 1
        self.value = min(max(0.0, self.value + surprise - self.allowance), self.limit)
        if self.value == 0.0:
            self.turns.clear()
            return
        self.turns.append(turn_index)
        del self.turns[:-SHOWN]

    def dump(self) -> list[object]:
        """Give everything as plain data."""
        return [self.value, self.count, list(self.turns)]

    def load(self, values: Sequence[object]) -> None:
        """Take up what `dump` gave."""
        value, count, turns = values
        self.value, self.count = float(str(value)), int(str(count))
        self.turns = [int(turn) for turn in turns] if isinstance(turns, list) else []
