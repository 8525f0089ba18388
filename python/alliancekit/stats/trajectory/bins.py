"""Turns to means per session, bin and role, in one pass over batches of whole sessions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ParameterError
from alliancekit.stats import arguments
from alliancekit.stats.reduction import batches, labels
from alliancekit.stats.reduction.turns import bin_of, ordered
from alliancekit.stats.trajectory.checks import check_means
from alliancekit.stats.trajectory.points import Points, U, side

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.stats.inference.resample import Progress

_BIN: Final = "bin"


def in_bins(
    turns: pl.DataFrame | pl.LazyFrame,
    scales: Sequence[str] | None,
    by: Sequence[str],
    bins: int,
    progress: Progress | None = None,
) -> Points:
    """Average a role's scored turns in each of `bins` equal parts of u; the point of a bin is its middle.

    Bin k (from 0) holds k/bins <= u < (k + 1)/bins, the last one u = 1 besides.
    """
    frame = arguments.lazy(turns)
    columns = frame.collect_schema()
    if arguments.is_session_table(columns):
        raise ParameterError(
            'over="u" needs turn scores, and this is a session table: pass the turns, or over="session_number"'
        )
    names = arguments.scale_names(columns, scales)
    labels.require(columns, (schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE, *by))
    others = [name for name in labels.candidates(columns, names) if name in labels.KNOWN or name in by]
    needed = frame.select(schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE, *dict.fromkeys((*names, *others)))

    def work(batch: pl.DataFrame, first: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        return _means(batch, names, bins), labels.of_sessions(batch, first, others)

    parts = zip(*batches.of_whole_sessions(needed, work, progress), strict=True)
    means, label_table = (pl.concat(part, rechunk=True).sort(schema.SESSION_ID, maintain_order=True) for part in parts)
    check_means(means, names)
    grid = [(at + 0.5) / bins for at in range(bins)]
    return Points(labels.settled(label_table, others, by), _side_by_side(means, names, grid), names, grid)


def _means(batch: pl.DataFrame, names: Sequence[str], bins: int) -> pl.DataFrame:
    """Mean of each scale per session, bin and role."""
    return (
        ordered(batch.lazy(), names, ())
        .with_columns(bin_of(bins).alias(_BIN))
        .group_by(schema.SESSION_ID, _BIN, schema.ROLE, maintain_order=True)
        .agg(pl.col(name).mean() for name in names)
        # The streaming engine adds in the order in which its threads finish: other last bits from call to call.
        .collect(engine="in-memory")
    )


def _side_by_side(means: pl.DataFrame, names: Sequence[str], grid: Sequence[float]) -> pl.DataFrame:
    """Put the roles beside each other: a row per session and bin in which there is a turn."""
    keys = [schema.SESSION_ID, _BIN]
    patient, therapist = (
        means.filter(pl.col(schema.ROLE) == role).select(
            *keys, *[pl.col(name).alias(side(name, role)) for name in names]
        )
        for role in schema.ROLES
    )
    both = patient.join(therapist, on=keys, how="full", coalesce=True, validate="1:1").sort(keys)
    return both.with_columns(pl.Series(U, grid, dtype=pl.Float64).gather(both[_BIN])).drop(_BIN)
