"""Sessions of a corpus through their signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from alliancekit.live.calibrating.furthest import furthest, sessions_of
from alliancekit.live.reference import limit_name
from alliancekit.live.signals.watching import Watching

if TYPE_CHECKING:
    import polars as pl
    from numpy.typing import NDArray

    from alliancekit.live.calibrating.furthest import Turn
    from alliancekit.live.reference import Reference


def alerted(turns: pl.DataFrame, reference: Reference) -> dict[str, NDArray[np.bool_]]:
    """Tell which sessions raise an alert: by signal, and `any`."""
    largest = furthest(turns, reference, lambda _: None)
    found = {name: np.asarray(values > reference.limits[name].alert) for name, values in largest.items()}
    return {"any": np.any(list(found.values()), axis=0), **found}


def first_alerts(turns: pl.DataFrame, reference: Reference) -> dict[str, NDArray[np.float64]]:
    """Give the turn with which each signal's first alert comes, float64 [sessions]; NaN where none comes."""
    rows = [_first(session, reference) for session in sessions_of(turns, reference)]
    return {name: np.array([row.get(name, np.nan) for row in rows]) for name in reference.limits}


def _first(session: list[Turn], reference: Reference) -> dict[str, float]:
    watching, first, asked = Watching(reference), dict[str, float](), None
    for index, role, tokens, scores, echo in session:
        watching.include(index, role, tokens, scores)
        if echo is not None:
            watching.include_echo(index, echo, asked)
        asked = tokens
        for change in watching.judge()[1]:
            if change.now == "alert":
                first.setdefault(limit_name(change.signal, change.scale), index)
    return first
