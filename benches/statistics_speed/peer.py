"""The same tables in pandas, numpy, scipy and statsmodels."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import scipy.signal  # type: ignore[import-untyped]  # it ships no types
import statsmodels.api as sm  # type: ignore[import-untyped]  # it ships no types
from benches.statistics_speed.peer_resampling import (
    Clock,
    Draws,
    bootstrap_t,
    interval,
    permutations,
    sign_flips,
    welch,
)
from benches.statistics_speed.peer_sessions import SCALES, SESSIONS, position, sessions
from statsmodels.stats.multitest import multipletests  # type: ignore[import-untyped]  # it ships no types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from benches.statistics_speed.task import Task
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Codes = NDArray[np.int64]

BINS = 10
PARTNERS = 64
SOME_SESSIONS = 50
"""Of each condition and scale, in the mismatched pairs; the rest is extrapolated."""
TARGET = "suicidality"


def gap(task: Task) -> float:
    return _means(task, ["gap", "gap_product"])


def _draws(task: Task) -> Draws:
    return Draws(task.measured, task.resamples, np.random.default_rng(0), Clock())


def _means(task: Task, values: list[str]) -> float:
    """Interval, sign-flip p and Holm of each condition, scale and value."""
    draws, found = _draws(task), []
    for _, part in pd.read_parquet(SESSIONS).groupby("condition"):
        wide, clusters = _wide(part, values)
        stars = bootstrap_t(wide, clusters, draws)
        interval(wide, clusters, stars)
        flipped = sign_flips(wide, clusters, draws)
        for at in range(wide.shape[1]):
            known = ~np.isnan(wide[:, at])
            fit = sm.OLS(wide[known, at], np.ones(known.sum())).fit(
                cov_type="cluster", cov_kwds={"groups": clusters[known]}
            )
            found.append((np.count_nonzero(flipped[:, at] >= abs(fit.tvalues[0])) + 1) / (task.measured + 1))
    multipletests(found, method="holm")
    return draws.clock.left_out


def _wide(part: pd.DataFrame, values: list[str]) -> tuple[Floats, Codes]:
    """Give [sessions, value and scale], and each session's cluster."""
    long = part.set_index(["therapist_id", "session_id", "scale"])[values]
    wide = long.unstack("scale")  # noqa: PD010 - pivot_table would average, or make every pair of the two ids
    numbers = wide.to_numpy(dtype=float)
    kept = ~np.isnan(numbers).all(axis=1)
    clusters = pd.factorize(wide.index.get_level_values("therapist_id")[kept])[0].astype(np.int64)
    return numbers[kept], clusters


def compare(task: Task) -> float:
    draws, found = _draws(task), []
    table = pd.read_parquet(SESSIONS)
    others = [name for name in table["condition"].unique() if name != TARGET]
    for other in [*others, None]:
        arms = table if other is None else table[table["condition"].isin([TARGET, other])]
        wide, clusters = _wide(arms, ["gap", "gap_product"])
        target = _target(arms)
        stars = [
            bootstrap_t(wide[side], np.unique(clusters[side], return_inverse=True)[1], draws)
            for side in (target, ~target)
        ]
        np.quantile(stars[0] - stars[1], [0.025, 0.975], axis=0)
        drawn = permutations(wide, clusters, target, draws)
        reached = np.abs(drawn) >= np.abs(welch(wide, clusters, target))
        found += list((reached.sum(axis=0) + 1) / (task.measured + 1))
    multipletests(found, method="holm")
    return draws.clock.left_out


def _target(arms: pd.DataFrame) -> NDArray[np.bool_]:
    by_session = arms.groupby(["therapist_id", "session_id"])["condition"].first()
    target: NDArray[np.bool_] = (by_session == TARGET).to_numpy()
    return target


def trajectories(task: Task) -> float:
    turns = pd.read_parquet(task.corpus).sort_values(["session_id", "turn_index"], ignore_index=True)
    turns["bin"] = np.minimum((position(turns) * BINS).astype(int), BINS - 1)
    means = turns.groupby(["condition", "therapist_id", "session_id", "bin", "role"])[SCALES].mean()
    patient, therapist = (means.xs(role, level="role") for role in ("patient", "therapist"))
    sides = pd.concat({"patient": patient, "therapist": therapist, "gap": therapist - patient}, axis=1)
    curves = sides.unstack("bin")  # noqa: PD010 - the index has the names that pivot_table would want as columns
    draws = _draws(task)
    for _, part in curves.groupby(level="condition"):
        clusters = pd.factorize(part.index.get_level_values("therapist_id"))[0].astype(np.int64)
        wide = part.to_numpy(dtype=float)
        stars = bootstrap_t(wide, clusters, draws)
        interval(wide, clusters, stars)
        np.quantile(np.nanmax(np.abs(stars).reshape(task.measured, -1, BINS), axis=2), 0.95, axis=0)
    return draws.clock.left_out


def closing(task: Task) -> float:
    return _means(task, ["gap_slope", "gap_mid", "gap_product_early", "gap_product_late"])


def convergence(task: Task) -> float:
    """Closing rates, then coupling against mismatched pairs, of which some sessions stand for all."""
    left_out = closing(task)
    turns = pd.read_parquet(task.corpus).sort_values(["session_id", "turn_index"], ignore_index=True)
    clock, rng = Clock(), np.random.default_rng(0)
    for _, part in turns.groupby("condition"):
        for scale in SCALES:
            series = list(_series(part, scale))
            some = min(len(series), SOME_SESSIONS)
            chosen = iter(rng.permutation(len(series)))
            clock.some(lambda: _mismatched(series, next(chosen), rng), done=some, of=len(series))  # noqa: B023 - run at once
    return left_out + clock.left_out


def _series(part: pd.DataFrame, scale: str) -> Iterator[tuple[Floats, Floats]]:
    """Give the exchanges of each session, both sides."""
    answered = (part["role"] == "therapist") & (part["role"].shift() == "patient")
    pairs = pd.DataFrame({"session": part["session_id"], "p": part[scale].shift(), "t": part[scale]})[answered]
    ends = np.flatnonzero(pairs["session"].ne(pairs["session"].shift()))[1:]
    sides = (np.split(pairs[side].to_numpy(dtype=float), ends) for side in ("p", "t"))
    return zip(*sides, strict=True)


def _mismatched(series: list[tuple[Floats, Floats]], session: int, rng: np.random.Generator) -> Floats:
    """Correlate a patient with the therapists of other sessions, both without trend."""
    found = []
    for other in rng.integers(0, len(series), PARTNERS):
        length = min(len(series[session][0]), len(series[other][1]))
        both = np.stack([series[session][0][:length], series[other][1][:length]])
        found.append(np.corrcoef(scipy.signal.detrend(both))[0, 1])
    return np.array(found)


STEPS: dict[str, Callable[[Task], float | None]] = {
    step.__name__: step for step in (sessions, gap, compare, trajectories, closing, convergence)
}
