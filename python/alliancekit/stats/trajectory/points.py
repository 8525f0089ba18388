"""What sessions have at the points of a curve: one shape, whatever the curve runs over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.stats.inference.clusters import CLUSTER, codes, with_clusters

if TYPE_CHECKING:
    from collections.abc import Sequence

U: Final = "u"
GAP: Final = "gap"
CURVES: Final = (*schema.ROLES, GAP)


@dataclass(frozen=True, slots=True)
class Points:
    """Values of sessions at points.

    Attributes:
        sessions: A row per session, with its labels.
        values: A row per session and point: ``session_id``, ``u`` Float64, and the Float64 columns `side` of each
            scale and role, null where there is none; sorted by session and u.
        scales: In the order of the result.
        grid: The points of every curve; None where a curve has the points that its sessions have.
        note: What else the reader has to know.
    """

    sessions: pl.DataFrame
    values: pl.DataFrame
    scales: Sequence[str]
    grid: Sequence[float] | None
    note: str | None = None


def side(scale: str, role: str) -> str:
    """Name the column of a role's mean on a scale."""
    return f"{scale}:{role}"


def labelled(points: Points, keys: Sequence[str]) -> tuple[pl.DataFrame, str]:
    """Give each value its session's cluster, as a number, and those of the `keys` that are labels; and the note."""
    clustered = with_clusters(points.sessions)
    kept = [key for key in keys if key in clustered.table.columns]
    table = clustered.table.select(schema.SESSION_ID, *kept).with_columns(
        pl.Series(CLUSTER, codes(clustered.table[CLUSTER]))
    )
    note = clustered.note if points.note is None else f"{clustered.note}; {points.note}"
    return points.values.join(table, on=schema.SESSION_ID, how="left", maintain_order="left"), note
