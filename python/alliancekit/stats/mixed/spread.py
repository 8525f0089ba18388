"""Whether conditions vary alike, as the model supposes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.stats.inference.clusters import FEWEST
from alliancekit.stats.mixed.design import CONDITION

if TYPE_CHECKING:
    import polars as pl

_SURE: Final = 0.05


def unequal_spread(sessions: pl.DataFrame) -> str | None:
    """Tell of conditions whose session gaps differ in spread, of those with FEWEST sessions or more.

    Levene's test about medians (Brown & Forsythe 1974, Journal of the American Statistical Association 69), at .05.
    """
    from scipy import stats  # type: ignore[import-untyped]  # noqa: PLC0415 - of the extra, no stubs

    gaps = {
        str(name): part["gap"].to_numpy()
        for (name,), part in sessions.sort(CONDITION).group_by(CONDITION, maintain_order=True)
        if part.height >= FEWEST
    }
    spread = {name: float(values.std(ddof=1)) for name, values in gaps.items()}
    if len(gaps) < 2 or not min(spread.values()) > 0:  # noqa: PLR2004 - one has nothing to be compared with
        return None
    if stats.levene(*gaps.values(), center="median").pvalue >= _SURE:
        return None
    least, most = min(spread, key=lambda name: spread[name]), max(spread, key=lambda name: spread[name])
    ratio = spread[most] / spread[least]
    return f"session gaps vary {ratio:.1f} times as much in {most} as in {least}: the model supposes equal variances"
