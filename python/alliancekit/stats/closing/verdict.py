"""What may be said of a group's closing rate, in two words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from alliancekit import schema
from alliancekit.stats.closing.rate import sign_is_known
from alliancekit.stats.inference.families import holm_by_family

if TYPE_CHECKING:
    from collections.abc import Sequence

CONVERGING: Final = "converging"
DIVERGING: Final = "diverging"
ABSENT: Final = "no convergence"
NOTHING: Final = "no evidence"


def adjusted(rows: Sequence[dict[str, Any]], name: str) -> list[float | None]:
    """Correct the p-values in column `name` by Holm over all rows, `total` apart."""
    return holm_by_family([{schema.SCALE: row[schema.SCALE], "p_value": row[name]} for row in rows])


def verdict(row: dict[str, Any], alpha: float) -> str:
    """Give the verdict on one row, by its adjusted p-values.

    A closing rate has a direction only where the gap has one: without an interval of the gap off zero there is no
    evidence of anything. That a closing rate is not significant does not mean that it is zero: `no convergence` is a
    claim of its own and needs a test of its own, within a stated margin.
    """
    rate, p = row["closing_rate"], row["p_adjusted"]
    if rate is None or not sign_is_known(row["gap_mid_low"], row["gap_mid_high"]):
        return NOTHING
    if p is not None and p <= alpha:
        return CONVERGING if rate > 0 else DIVERGING
    absent = row["p_equivalence_adjusted"]
    return ABSENT if absent is not None and absent <= alpha else NOTHING
