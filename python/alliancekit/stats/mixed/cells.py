"""Turns to means per session, role and bin of u: the rows of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.stats.reduction.turns import bin_of, ordered

if TYPE_CHECKING:
    from collections.abc import Sequence

_BIN: Final = "bin"


def cells(turns: pl.LazyFrame, scales: Sequence[str], bins: int) -> pl.DataFrame:
    """Average each scale over a role's scored turns in each of `bins` equal parts of u.

    Columns: `session_id`, `role`, and per scale `<scale>:y` (mean score), `<scale>:u` (mean of u - .5 over the same
    turns: the middle of the bin would shift one role against the other, who spoke first) and `<scale>:n` (turns).
    """
    return (
        ordered(turns, scales, turns.collect_schema().names())
        .with_columns(bin_of(bins).alias(_BIN))
        .group_by(schema.SESSION_ID, schema.ROLE, _BIN)
        .agg(value for scale in scales for value in _of_scale(scale))
        .sort(schema.SESSION_ID, schema.ROLE, _BIN)
        .drop(_BIN)
        # The streaming engine adds in the order in which its threads finish: other last bits from call to call.
        .collect(engine="in-memory")
    )


def _of_scale(scale: str) -> list[pl.Expr]:
    score = pl.col(scale)
    return [
        score.mean().alias(f"{scale}:y"),
        pl.col("x").filter(score.is_not_null()).mean().alias(f"{scale}:u"),
        score.count().cast(pl.Float64).alias(f"{scale}:n"),
    ]


def of_scale(table: pl.DataFrame, scale: str) -> pl.DataFrame:
    """Give the rows of one scale: `session_id`, `role`, `y`, `u`, `n`."""
    named = [pl.col(f"{scale}:{name}").alias(name) for name in ("y", "u", "n")]
    return table.select(schema.SESSION_ID, schema.ROLE, *named).filter(pl.col("y").is_not_null())
