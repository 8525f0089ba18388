"""The standard error of a session's gap, from those of its two sides and from how far their errors go together.

Where the therapist's answer goes up with the patient's turn, the two means err in the same direction, and their
difference errs less: var(gap) = se_p^2 + se_t^2 - 2 r se_p se_t m / sqrt(n_p n_t), with m exchanges among n_p and n_t
turns and r the correlation within exchanges, one number a table: a session's own is too noisy to use. Turns that are
in no exchange share nothing. It is the variance of a difference of two means whose errors are independent between
exchanges, or autocorrelated alike on both sides.
"""

from __future__ import annotations

import math
from typing import Final

import polars as pl

_NOTHING: Final = 1e-12


def with_gap_error(table: pl.DataFrame) -> pl.DataFrame:
    """Add `gap_se`; null where a side has no standard error."""
    patient, therapist = pl.col("patient_se"), pl.col("therapist_se")
    turns = (pl.col("patient_n") * pl.col("therapist_n")).sqrt()
    apart = patient.pow(2) + therapist.pow(2)
    variance = apart - 2.0 * pooled_correlation(table) * patient * therapist * pl.col("pair_m") / turns
    # What rounding leaves of two sides that err as one is no variance.
    return table.with_columns(
        gap_se=pl.when(variance > _NOTHING * apart).then(variance.sqrt()).when(variance.is_not_null()).then(0.0)
    )


def pooled_correlation(table: pl.DataFrame) -> float:
    """Correlation of the two sides within exchanges, about each session's own lines; 0 where nothing is known."""
    together, patient, therapist = (float(table[name].sum()) for name in ("cov_pt", "var_p", "var_t"))
    spread = patient * therapist
    return max(-1.0, min(1.0, together / math.sqrt(spread))) if spread > 0 else 0.0
