"""From sums over turns to the session table: one row per session and scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.stats.reduction.congruence import congruence, detrended_products
from alliancekit.stats.reduction.gap_error import with_gap_error
from alliancekit.stats.reduction.lines import role_table
from alliancekit.stats.reduction.reasons import reason
from alliancekit.stats.reduction.reliability import with_reliability
from alliancekit.stats.reduction.shares import SHARES
from alliancekit.stats.reduction.shrinkage import with_shrunken
from alliancekit.stats.reduction.turns import FIFTHS

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST: Final = (
    schema.SESSION_ID,
    schema.SCALE,
    "patient_mean",
    "therapist_mean",
    "gap",
    "n_patient",
    "n_therapist",
    "patient_slope",
    "therapist_slope",
    "gap_slope",
    "congruence",
    "reason",
)
MORE: Final = (
    "gap_mid",
    "gap_start",
    "gap_end",
    "gap_outer",
    "gap_inner",
    "gap_product",
    "gap_product_early",
    "gap_product_late",
    "patient_se",
    "therapist_se",
    "gap_se",
    "patient_reliability",
    "therapist_reliability",
    "gap_reliability",
    "gap_shrunken",
    "shrunken_low",
    "shrunken_high",
    *SHARES,
    "n_exchanges",
    "cov_pt",
    "var_p",
    "var_t",
)
_OF_ROLE: Final = ("mean", "n", "slope", "mid", "se", "outer", "inner", *FIFTHS)


def session_rows(sums: pl.DataFrame, scales: Sequence[str], labels: pl.DataFrame) -> pl.DataFrame:
    """Give the statistics of each session and scale, and its labels; both frames have a row per session."""
    kept = labels.select(name for name in labels.columns if name == schema.SESSION_ID or name not in (*FIRST, *MORE))
    order = [name for name in (*FIRST, *MORE) if name != schema.SCALE]
    tables = [
        pl.concat([kept, _of_scale(sums, scale)], how="horizontal")
        .select(*order, *kept.columns[1:])
        .insert_column(1, pl.repeat(scale, sums.height, eager=True).alias(schema.SCALE))
        for scale in scales
    ]
    return _interleaved(tables)


def _interleaved(tables: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Put the tables' first rows first, then their second rows, and so on."""
    rows = np.arange(len(tables) * tables[0].height, dtype=np.uint32).reshape(len(tables), -1)
    return pl.concat(tables)[pl.Series(rows.T.ravel())]


def _of_scale(sums: pl.DataFrame, scale: str) -> pl.DataFrame:
    sides = [
        role_table(sums, role, scale).select(pl.col(name).alias(f"{role}_{name}") for name in _OF_ROLE)
        for role in schema.ROLES
    ]
    prefix = f"{scale}:"
    pairs = [name for name in sums.columns if name.startswith(f"{prefix}pair_")]
    others = sums.select(*SHARES, *[pl.col(name).alias(name.removeprefix(prefix)) for name in pairs])
    return _with_gap(pl.concat([*sides, others], how="horizontal"))


def _with_gap(table: pl.DataFrame) -> pl.DataFrame:
    def difference(name: str) -> pl.Expr:
        return pl.col(f"therapist_{name}") - pl.col(f"patient_{name}")

    table = (
        table.with_columns(
            gap=difference("mean"),
            gap_slope=difference("slope"),
            gap_mid=difference("mid"),
            gap_outer=difference("outer"),
            gap_inner=difference("inner"),
            n_patient=pl.col("patient_n").cast(pl.UInt32),
            n_therapist=pl.col("therapist_n").cast(pl.UInt32),
            n_exchanges=pl.col("pair_m").cast(pl.UInt32),
            **detrended_products(),
        )
        .with_columns(
            gap_start=pl.col("gap_mid") - pl.col("gap_slope") / 2,
            gap_end=pl.col("gap_mid") + pl.col("gap_slope") / 2,
            gap_product=pl.col("gap_outer") * pl.col("gap_inner"),
            gap_product_early=difference("early_edge") * difference("early_core"),
            gap_product_late=difference("late_core") * difference("late_edge"),
            congruence=congruence(),
        )
        .with_columns(reason=reason())
    )
    return with_shrunken(with_reliability(with_gap_error(table)))
