"""What the mixed model gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True, slots=True)
class MixedModel:
    """The two tables of `alliancekit.mixed_model`: `effects` and `variances`, whose columns it describes."""

    effects: pl.DataFrame
    variances: pl.DataFrame
