"""How far each session's statistics go when nothing is asked of it: the same code as live, turn by turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from alliancekit import schema
from alliancekit.echo import ECHO
from alliancekit.live.reference import ECHO_SIGNAL, limit_name
from alliancekit.live.signals.watching import Watching

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import polars as pl
    from numpy.typing import NDArray

    from alliancekit.live.reference import Reference


def furthest(turns: pl.DataFrame, reference: Reference, tell: Callable[[int], None]) -> dict[str, NDArray[np.float64]]:
    """Give the largest value of each statistic in each session.

    Args:
        turns: whole sessions, each one's turns together and in order, with the reference's scales and `echo` if it
            has that.
        reference: what is usual; its limits are not looked at.
        tell: called with the turns of each session done.

    Returns:
        By name of the signal's limits, float64 [sessions]; 0 where there was not enough data.

    """
    rows = []
    for session in sessions_of(turns, reference):
        rows.append(_largest(session, reference))
        tell(len(session))
    names = list(rows[0]) if rows else []
    return {name: np.array([row[name] for row in rows]) for name in names}


Turn = tuple[int, str, int | None, dict[str, float | None], float | None]
"""Index, role, tokens, scores by scale, and echo."""


def sessions_of(turns: pl.DataFrame, reference: Reference) -> Iterator[list[Turn]]:
    """Give each session's turns as plain Python."""
    scales = reference.scales
    has_echo = reference.echo is not None
    for (_,), part in turns.group_by(schema.SESSION_ID, maintain_order=True):
        columns = [part[scale].to_list() for scale in scales]
        tokens = part[schema.N_TOKENS].to_list() if schema.N_TOKENS in part.columns else [None] * part.height
        echoes = part[ECHO].to_list() if has_echo else [None] * part.height
        scores = [dict(zip(scales, row, strict=True)) for row in zip(*columns, strict=True)]
        yield list(
            zip(part[schema.TURN_INDEX].to_list(), part[schema.ROLE].to_list(), tokens, scores, echoes, strict=True)
        )


def _largest(session: list[Turn], reference: Reference) -> dict[str, float]:
    watching = Watching(reference)
    names = (limit_name(name, scale) for name, scale, *_ in watching.statistics())
    largest = {name: 0.0 for name in names if name != ECHO_SIGNAL or reference.echo is not None}
    asked: int | None = None
    for index, role, tokens, scores, echo in session:
        watching.include(index, role, tokens, scores)
        if echo is not None:
            watching.include_echo(index, echo, asked)
        asked = tokens
        for name, scale, value, _, lacks in watching.statistics():
            key = limit_name(name, scale)
            if lacks is None and value > largest[key]:
                largest[key] = value
    return largest
