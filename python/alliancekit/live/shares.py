"""The patient's share of turns and tokens so far, and the share of turns cut at the token limit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

SHARES: Final = ("talk_share", "token_share", "truncated_share")
"""Columns of `alliancekit.sessions`, by their names there."""


class Shares:
    """Counts over all turns, scored or not."""

    __slots__ = ("patient_tokens", "patient_turns", "tokens", "truncated", "turns")

    def __init__(self, counts: Sequence[int] = (0, 0, 0, 0, 0)) -> None:
        self.turns, self.patient_turns, self.tokens, self.patient_tokens, self.truncated = counts

    def include(self, role: str, n_tokens: int | None, *, truncated: bool | None) -> None:
        """Take in a turn."""
        mine = role == schema.PATIENT
        self.turns += 1
        self.tokens += n_tokens or 0
        self.patient_turns += mine
        self.patient_tokens += (n_tokens or 0) * mine
        self.truncated += bool(truncated)

    def numbers(self) -> dict[str, float | None]:
        """Give the `SHARES`; null where nothing is there to share."""
        turns, tokens = self.turns, self.tokens
        return {
            "talk_share": self.patient_turns / turns if turns else None,
            "token_share": self.patient_tokens / tokens if tokens else None,
            "truncated_share": self.truncated / turns if turns else None,
        }

    def dump(self) -> list[int]:
        """Give the counts."""
        return [self.turns, self.patient_turns, self.tokens, self.patient_tokens, self.truncated]
