"""Misalignment early and late in the session, without the bias of noise, and its decline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from alliancekit.stats.inference.yardstick import known, signed_root

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from alliancekit.stats.inference.onesample import Means

    Floats = NDArray[np.float64]

EARLY: Final = "gap_product_early"
LATE: Final = "gap_product_late"
DECLINE: Final = "__decline"


def with_decline(table: pl.DataFrame) -> pl.DataFrame:
    """Add each session's early less late gap², and keep the two only where both are known.

    A session table that knows nothing of them gets nulls.
    """
    lacking = [name for name in (EARLY, LATE) if name not in table.columns]
    table = table.with_columns(pl.lit(None, dtype=pl.Float64).alias(name) for name in lacking)
    both = pl.col(EARLY).is_not_null() & pl.col(LATE).is_not_null()
    return table.with_columns(
        pl.when(both).then(pl.col(EARLY)).alias(EARLY),
        pl.when(both).then(pl.col(LATE)).alias(LATE),
        (pl.col(EARLY) - pl.col(LATE)).alias(DECLINE),
    )


def misalignment(found: Means, column: int, sides: Floats) -> dict[str, Any]:
    """Give the columns of misalignment over the session; `sides` are the mean gap² early and late."""
    return {
        "misalignment_early": known(signed_root(sides[0])),
        "misalignment_late": known(signed_root(sides[1])),
        "misalignment_decline": known(found.value[column]),
        "misalignment_decline_low": known(found.low[column]),
        "misalignment_decline_high": known(found.high[column]),
        "misalignment_decline_p_value": known(found.p[column]),
    }
