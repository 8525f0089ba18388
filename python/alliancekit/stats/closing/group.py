"""Closing rate, equivalence and misalignment over the session of one group of sessions, a row per scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from alliancekit import schema
from alliancekit.stats.closing.equivalence import equivalence
from alliancekit.stats.closing.misalignment import DECLINE, EARLY, LATE, misalignment
from alliancekit.stats.closing.rate import UNSURE, VALUES, closing, sign_is_known
from alliancekit.stats.inference.clusters import FEWEST, cell_sums
from alliancekit.stats.inference.onesample import means
from alliancekit.stats.inference.resample import estimates
from alliancekit.stats.inference.yardstick import known, ratio
from alliancekit.stats.reduction.lines import MIN_LINE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl
    from numpy.typing import NDArray

    from alliancekit.stats.inference.onesample import Means
    from alliancekit.stats.inference.resample import Plan

RESAMPLED: Final = (*VALUES, DECLINE)
NO_LINES: Final = f"no session with {MIN_LINE} scored turns of each role, which a slope needs"


@dataclass(frozen=True, slots=True)
class Margin:
    """How small a slope is none: a number of pooled SDs, and that SD for each scale."""

    size: float
    yardsticks: Mapping[str, float]

    def of(self, scale: str) -> float:
        """Give the margin in units of the score."""
        return self.size * self.yardsticks[scale]


def closing_rows(
    parts: Sequence[pl.DataFrame], clusters: NDArray[np.uint32], margin: Margin, weight: str, plan: Plan
) -> list[dict[str, Any]]:
    """Give a row for each scale; `parts` are the same sessions on each scale, with their decline."""
    count = int(clusters.max()) + 1
    found = means(cell_sums(parts, RESAMPLED, clusters, count, weight), plan)
    sides, _ = estimates([cell_sums(parts, (EARLY, LATE), clusters, count, weight)])
    return [_row(part, found, at, sides[2 * at : 2 * at + 2], margin) for at, part in enumerate(parts)]


def _row(part: pl.DataFrame, found: Means, at: int, sides: NDArray[np.float64], margin: Margin) -> dict[str, Any]:
    slope, mid, decline = range(len(RESAMPLED) * at, len(RESAMPLED) * (at + 1))
    scale = part[schema.SCALE][0]
    row = {
        schema.SCALE: scale,
        **closing(found, slope, mid),
        **misalignment(found, decline, sides),
        "margin": known(margin.of(scale)),
        "p_equivalence": known(_equivalence(found, slope, margin.of(scale))),
        "n_sessions": part.height - part["gap_slope"].null_count(),
        "n_clusters": int(found.clusters[slope]),
    }
    rate = np.nan if row["closing_rate"] is None else row["closing_rate"]
    row["effect_size"] = ratio(rate, margin.yardsticks[scale])
    row["note"] = [found.note(slope) if row["n_clusters"] else NO_LINES, _unsure(row)]
    return row


def _equivalence(found: Means, slope: int, margin: float) -> float:
    if found.stars is None or found.clusters[slope] < FEWEST:
        return np.nan
    return equivalence(float(found.value[slope]), float(found.error[slope]), found.stars[:, slope], margin)


def _unsure(row: dict[str, Any]) -> str | None:
    """Say that the gap's sign is not certain, where there is an interval that does not tell it."""
    low, high = row["gap_mid_low"], row["gap_mid_high"]
    return UNSURE if low is not None and not sign_is_known(low, high) else None
