"""Where in its session a turn is.

``u`` is a turn's normalised position: its rank among **all** turns of the session, scored or not,
divided by their number less one; ``x = u - 0.5``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema

if TYPE_CHECKING:
    from collections.abc import Sequence

OUTER: Final = (0.2, 0.8)
INNER: Final = (0.3, 0.7)
"""The two blocks of turns that misalignment needs: ``u`` outside of OUTER, and ``u`` inside of INNER.

Both have their middle at .5, so that a linear drift of the gap is the same in both; the turns between them
(a tenth of the session at each border) keep autocorrelated errors apart.
"""

BLOCK_SHARE: Final = 0.4
"""The share of a session's turns in each block."""

FIFTHS: Final = {
    "early_edge": (0.0, 0.2),
    "early_core": (0.25, 0.45),
    "late_core": (0.55, 0.75),
    "late_edge": (0.8, 1.0),
}
"""Blocks of ``u`` for misalignment early and late: a fifth of the session each, mirror images about .5.

The bound nearer to .5 is outside of its block, the other one inside. The edges are the two sides of OUTER.
"""


_NEAR: Final = 1e-9
"""What rounding may take from the position of a turn on the border of a bin, in bins."""


def bin_of(bins: int) -> pl.Expr:
    """Give the bin of a turn with centred position ``x``, UInt32: bin k holds k/bins <= u < (k + 1)/bins.

    The last one holds u = 1 besides.
    """
    place = ((pl.col("x") + 0.5) * bins + _NEAR).floor()
    return place.clip(0, bins - 1).cast(pl.UInt32)


def ordered(turns: pl.LazyFrame, scales: Sequence[str], columns: Sequence[str]) -> pl.LazyFrame:
    """Sort the turns and give each its centred position ``x`` and its repeat mark, `duplicate`."""
    keys = [schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE]
    extra = [name for name in (schema.N_TOKENS, schema.TRUNCATED) if name in columns]
    session = pl.col(schema.SESSION_ID)
    rank = pl.int_range(pl.len()).over(schema.SESSION_ID)
    last = (pl.len().over(schema.SESSION_ID) - 1).cast(pl.Float64)
    same = session == session.shift(1)
    return (
        turns.select(*keys, *extra, *[pl.col(scale).cast(pl.Float64) for scale in scales])
        .sort(schema.SESSION_ID, schema.TURN_INDEX)
        .with_columns(
            x=pl.when(last > 0).then(rank / last).otherwise(0.5) - 0.5,
            duplicate=(same & (pl.col(schema.TURN_INDEX) == pl.col(schema.TURN_INDEX).shift(1))).fill_null(value=False),
        )
    )
