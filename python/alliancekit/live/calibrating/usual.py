r"""What is usual in a corpus: scores by length of turn, levels of sessions, correlation of successive turns.

The three numbers of `Usual` come from how much successive turns of a role differ, which needs no session mean and so
has no bias in short sessions: with standardised scores half the mean squared difference at lag 1 is s²(1 - f), at lag
2 s²(1 - f²) (the variogram of an AR(1): Cressie 1993, Statistics for Spatial Data, ch. 2); so their ratio less 1 is f,
and t² is what s² leaves of 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.live.signals.level import Usual
from alliancekit.live.signals.standard import Standard

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CLASSES: Final = 4
MIN_CLASS: Final = 25
"""Turns that a class of length needs; with fewer, all turns are one class."""
MIN_TURNS: Final = 20
"""Scored turns of a role that anything can be said from."""
_CORRELATION: Final = (0.0, 0.9)
_LEVEL: Final = (0.01, 0.9)
_NOTHING: Final = 1e-12


def standard(scores: Floats, tokens: Floats | None, what: str) -> Standard:
    """Give means and SDs by quarter of length, float64 [n] each; one class where lengths are not known.

    Raises:
        DataError: there are too few turns, or their scores do not vary.

    """
    if len(scores) < MIN_TURNS:
        raise DataError(f"{len(scores)} {what}; a reference needs {MIN_TURNS}: add sessions")
    edges = np.empty(0) if tokens is None else _edges(tokens)
    at = np.zeros(len(scores), dtype=np.int64) if tokens is None else np.searchsorted(edges, tokens, side="left")
    counts = np.bincount(at, minlength=len(edges) + 1)
    if counts.min() < MIN_CLASS:
        edges, at, counts = np.empty(0), np.zeros_like(at), np.array([len(scores)])
    means = np.bincount(at, weights=scores) / counts
    variances = np.bincount(at, weights=(scores - means[at]) ** 2) / (counts - 1)
    # A class of the same words over and over has no spread of its own.
    whole = float(np.average(variances, weights=counts))
    if whole <= _NOTHING * float(np.mean(scores**2)) or whole == 0.0:
        raise DataError(f"the scores of {what} do not vary: nothing can be said about what is usual")
    sds = np.sqrt(np.maximum(variances, 0.01 * whole))
    return Standard(tuple(edges.tolist()), tuple(means.tolist()), tuple(sds.tolist()))


def _edges(tokens: Floats) -> Floats:
    """Quarters of length; fewer classes where many turns are equally long."""
    found = np.unique(np.quantile(tokens, np.arange(1, CLASSES) / CLASSES, method="inverted_cdf"))
    return np.asarray(found[found < tokens.max()], dtype=np.float64)


def usual(turns: pl.DataFrame, standardised: Floats) -> Usual:
    """Give how a role's standardised scores vary; `turns` are the role's, each session's together and in order."""
    scored = turns.select(schema.SESSION_ID).with_columns(score=pl.Series(standardised))
    near, far = (_half_square(scored, lag) for lag in (1, 2))
    correlation = float(np.clip(far / near - 1, *_CORRELATION)) if near > 0 else 0.0
    level = float(np.clip(1 - near / (1 - correlation), *_LEVEL))
    return Usual(level, 1 - level, correlation)


def _half_square(scored: pl.DataFrame, lag: int) -> float:
    """Half the mean squared difference of turns so far apart; that of independent turns where there are none."""
    step = pl.col("score") - pl.col("score").shift(lag).over(schema.SESSION_ID)
    mean = scored.select((step**2).mean() / 2).item()
    return 1.0 if mean is None else float(mean)
