"""How much scores add to what needs no model, in telling sessions apart that were not used for fitting."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

import numpy as np
from benches.probe.measures import Figure, Numbers, above, area, numbered
from benches.validity.corpus import PLAIN

if TYPE_CHECKING:
    import polars as pl

FOLDS: Final = 10
PENALTY: Final = 1.0
STEPS: Final = 12


def increment(sessions: pl.DataFrame, added: list[str]) -> tuple[Figure, Figure]:
    """Return the area of the plain columns with `added`, and what `added` adds: both out of fold, drawn by video."""
    sign = np.where(sessions["high"].to_numpy(), 1, -1).astype(np.int8)
    video = numbered(sessions["video"].to_list())
    plain, full = (area(predicted(sessions, columns), sign, video) for columns in ([*PLAIN], [*PLAIN, *added]))
    return full, full.less(plain)


def predicted(sessions: pl.DataFrame, columns: list[str]) -> Numbers:
    """Return each session's log odds of high quality by a ridge logistic regression on the other videos' sessions."""
    folds = np.array([int(hashlib.sha256(video.encode()).hexdigest(), 16) % FOLDS for video in sessions["video"]])
    x, high = sessions.select(columns).to_numpy().astype(np.float64), sessions["high"].to_numpy().astype(np.float64)
    odds = np.zeros(len(x))
    for fold in range(FOLDS):
        kept = folds != fold
        mean, deviation = x[kept].mean(axis=0), x[kept].std(axis=0) + 1e-12
        odds[~kept] = _with_one((x[~kept] - mean) / deviation) @ _logistic((x[kept] - mean) / deviation, high[kept])
    return odds


def _logistic(x: Numbers, y: Numbers) -> Numbers:
    """Fit by Newton's steps; the intercept is not penalised."""
    design = _with_one(x)
    ridge = PENALTY * np.eye(design.shape[1])
    ridge[0, 0] = 0
    weights: Numbers = np.zeros(design.shape[1])
    for _ in range(STEPS):
        p = 1 / (1 + np.exp(-design @ weights))
        curvature = (design.T * (p * (1 - p))) @ design + ridge
        weights = weights + np.linalg.solve(curvature, design.T @ (y - p) - ridge @ weights)
    return weights


def _with_one(x: Numbers) -> Numbers:
    return np.column_stack([np.ones(len(x)), x])


def plain_area(sessions: pl.DataFrame, columns: list[str]) -> float:
    """Return the out-of-fold area of some columns, without an interval."""
    odds, high = predicted(sessions, columns), sessions["high"].to_numpy()
    return float(above(odds[high], odds[~high]).mean())
