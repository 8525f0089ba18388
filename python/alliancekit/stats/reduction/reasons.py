"""Why a session's value is null, in words."""

from __future__ import annotations

import polars as pl

from alliancekit.stats.reduction.congruence import MIN_EXCHANGES
from alliancekit.stats.reduction.lines import MIN_LINE


def reason() -> pl.Expr:
    """Name the first thing that a session lacks; null where it lacks nothing."""
    patient, therapist = pl.col("n_patient"), pl.col("n_therapist")
    none = pl.lit(None, dtype=pl.String)
    return (
        pl.when((patient == 0) & (therapist == 0))
        .then(pl.lit("no scored turns"))
        .when(therapist == 0)
        .then(pl.lit("no scored therapist turns"))
        .when(patient == 0)
        .then(pl.lit("no scored patient turns"))
        .when(pl.col("gap_slope").is_null())
        .then(pl.lit(f"too few turns: a slope needs {MIN_LINE} of each role"))
        .when(pl.col("gap_product").is_null())
        .then(pl.lit("too few turns: misalignment needs both roles in both blocks"))
        .when(pl.col("n_exchanges") < MIN_EXCHANGES)
        .then(pl.lit(f"too few exchanges: congruence needs {MIN_EXCHANGES}"))
        .when(pl.col("congruence").is_null())
        .then(pl.lit("constant scores: congruence is not defined"))
        .when(pl.col("gap_product_early").is_null() | pl.col("gap_product_late").is_null())
        .then(pl.lit("too few turns: misalignment early and late needs both roles in all four blocks"))
        .otherwise(none)
    )
