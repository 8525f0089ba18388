"""Turns in batches of whole sessions: each session's turns together and in order, however the table has them.

A table whose sessions each stand together is read once, batch by batch, and never held whole. Where a session's
turns lie apart they are gathered first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from alliancekit.stats.inference.resample import Progress

Part = TypeVar("Part")

BATCH: Final = 1 << 19
"""Turns in a batch: tens of megabytes, and a fraction of a second until Ctrl-C is heard."""


def of_whole_sessions(
    turns: pl.LazyFrame, work: Callable[[pl.DataFrame, pl.Series], Part], progress: Progress | None = None
) -> list[Part]:
    """Work on batches of whole sessions, each one's turns together and in order.

    Args:
        turns: With `session_id` and `turn_index`; read twice if a session's turns lie apart.
        work: Takes a batch, and a Boolean series that marks the first turn of each session.
        progress: Called with (turns read, of) after each batch.

    Returns:
        What `work` made of the batches, which come in no particular order. One batch has no turns if `turns` has none.

    Raises:
        DataError: A `session_id` or `turn_index` is null, or a `turn_index` repeats.
    """
    total = int(turns.select(pl.len()).collect().item())

    def told(done: int) -> None:
        if progress is not None:
            progress(done, total)

    parts = _worked(_all(_as_they_lie(turns), total), work, told)
    if parts is None:
        parts = _worked(_gathered(turns), work, told) or []
    return parts or [work(*in_order(turns.clear().collect()))]


def _worked(
    batches: Iterable[pl.DataFrame], work: Callable[[pl.DataFrame, pl.Series], Part], told: Callable[[int], None]
) -> list[Part] | None:
    """Work on each batch; None as soon as it shows that a session comes in pieces."""
    parts: list[Part] = []
    seen: list[pl.Series] = []
    done = 0
    for batch in batches:
        ordered, first = in_order(batch)
        seen.append(ordered[schema.SESSION_ID].filter(first))
        if seen[-1].is_duplicated().any():
            return None
        parts.append(work(ordered, first))
        done += batch.height
        told(done)
    return None if seen and pl.concat(seen).is_duplicated().any() else parts


def _all(batches: Iterable[pl.DataFrame], total: int) -> Iterator[pl.DataFrame]:
    """Pass batches on. A thread of Polars that panics on a damaged file ends them early, without an error."""
    done = 0
    for batch in batches:
        done += batch.height
        yield batch
    if done < total:
        raise DataError(f"{total} turns are there, and {done} could be read: a file is damaged, or changed meanwhile")


def _as_they_lie(turns: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Cut the table between sessions, in its own order; a session whose turns lie apart comes in pieces."""
    return _between_sessions(turns.collect_batches(chunk_size=BATCH, maintain_order=True, lazy=True))


def _gathered(turns: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Bring each session's turns together first, which holds them all in memory."""
    table = turns.collect()
    rows = table.select(schema.SESSION_ID).with_row_index("row").group_by(schema.SESSION_ID, maintain_order=True)
    order = rows.agg("row")["row"].explode()
    return _between_sessions(table[order.slice(start, BATCH)] for start in range(0, table.height, BATCH))


def in_order(batch: pl.DataFrame) -> tuple[pl.DataFrame, pl.Series]:
    """Sort the turns of each session, and mark the first turn of each."""
    first = _first_turns(batch)
    turn = batch[schema.TURN_INDEX]
    if ((turn < turn.shift(1)) & ~first).any():
        batch = batch.with_columns(run=first.cum_sum()).sort("run", schema.TURN_INDEX).drop("run")
        turn = batch[schema.TURN_INDEX]
    repeated = (turn == turn.shift(1)) & ~first
    if repeated.any():
        session = batch.filter(repeated)[schema.SESSION_ID][0]
        raise DataError(f"session {session!r} has a turn_index twice")
    return batch, first


def _first_turns(batch: pl.DataFrame) -> pl.Series:
    session = batch[schema.SESSION_ID]
    return session.ne_missing(session.shift(1))


def _between_sessions(pieces: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    """Put pieces together to batches that end where a session does."""
    held: list[pl.DataFrame] = []
    for piece in pieces:
        _refuse_nulls(piece)
        held.append(piece)
        if sum(part.height for part in held) < BATCH:
            continue
        table = pl.concat(held)
        last = int(_first_turns(table).arg_true()[-1])
        if last:
            yield table.head(last)
        held = [table.slice(last)]
    if any(part.height for part in held):
        yield pl.concat(held)


def _refuse_nulls(turns: pl.DataFrame) -> None:
    for name in (schema.SESSION_ID, schema.TURN_INDEX):
        lacking = turns[name].null_count()
        if lacking:
            raise DataError(f"column {name!r} is null in {lacking} turns; every turn needs one")
