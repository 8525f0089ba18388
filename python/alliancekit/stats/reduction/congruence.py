"""Congruence: the correlation of a patient's turn with the therapist's answer, both without their trend."""

from __future__ import annotations

from typing import Final

import polars as pl

MIN_EXCHANGES: Final = 5
"""Exchanges that a session's congruence needs: two are spent on each trend."""

_NOTHING: Final = 1e-12


def detrended_products() -> dict[str, pl.Expr]:
    """Residual squares and products of exchanges about their lines over u: `cov_pt`, `var_p`, `var_t`."""
    m, v = pl.col("pair_m"), pl.col("pair_v")
    svv = pl.col("pair_vv") - v * v / m

    def about_mean(product: str, left: str, right: str) -> pl.Expr:
        return pl.col(f"pair_{product}") - pl.col(f"pair_{left}") * pl.col(f"pair_{right}") / m

    spv, stv = about_mean("pv", "p", "v"), about_mean("tv", "t", "v")
    usable = (m >= MIN_EXCHANGES) & (svv > 0)
    products = {
        "cov_pt": about_mean("pt", "p", "t") - spv * stv / svv,
        "var_p": about_mean("pp", "p", "p") - spv * spv / svv,
        "var_t": about_mean("tt", "t", "t") - stv * stv / svv,
    }
    return {name: pl.when(usable).then(value) for name, value in products.items()}


def congruence() -> pl.Expr:
    """Pearson correlation from the columns of `detrended_products`; null where a side does not vary."""
    spread = pl.col("var_p") * pl.col("var_t")
    floor = _NOTHING * pl.col("pair_pp") * pl.col("pair_tt")
    return pl.when(spread > floor).then(pl.col("cov_pt") / spread.sqrt()).clip(-1.0, 1.0)
