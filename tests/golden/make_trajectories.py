"""Make the golden curves with numpy alone: an implementation that shares nothing with ours, its draws included.

    .venv/bin/python tests/golden/make_trajectories.py

Written beside this script: `trajectories_turns.csv`, the turns, and `trajectories.json`, a row per role and bin. Means
and standard errors are exact. Bounds come from many more replicates than a test draws, as the range in which a bound
from RESAMPLES replicates lies: the p-quantile of n draws is between the quantiles at p ± 5 √(p(1 - p)/n) of the
distribution, whatever that is.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Row = tuple[str, int, str, str, float | None]

HERE = Path(__file__).parent
SEED = 20260711
BINS = 4
RESAMPLES = 20_000
REPLICATES = 400_000
BATCH = 50_000
CONFIDENCE = 0.95
ROLES = ("patient", "therapist", "gap")


def main() -> None:
    """Write turns and curves."""
    turns = make_turns()
    with (HERE / "trajectories_turns.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("session_id", "turn_index", "role", "therapist_id", "bond"))
        writer.writerows(turns)
    values, therapists = session_values(turns)
    rows = [row for role in ROLES for row in curve(role, values[role], therapists)]
    lines = ",\n".join(json.dumps(row) for row in rows)
    (HERE / "trajectories.json").write_text(f"[\n{lines}\n]\n", encoding="utf-8")


def make_turns() -> list[Row]:
    """Twenty sessions of thirteen therapists, of 5 to 21 turns; some turns have no score, one session no therapist."""
    generator = np.random.default_rng(SEED)
    rows: list[Row] = []
    for session in range(20):
        level = generator.standard_normal(2)
        for turn in range(5 + 4 * (session % 5)):
            role = 0 if session == 7 else turn % 2
            score = round(float(level[role] + 0.1 * turn * role + generator.exponential(0.5)), 3)
            missing = generator.random() < 0.1
            rows.append((f"s{session:02}", turn, ROLES[role], f"t{session % 13:02}", None if missing else score))
    return rows


def session_values(turns: list[Row]) -> tuple[dict[str, Floats], NDArray[np.int64]]:
    """Mean of each session, [sessions, bins], NaN where there is none; and each session's therapist."""
    names = sorted({row[0] for row in turns})
    values = {role: np.full((len(names), BINS), np.nan) for role in ROLES}
    therapists = np.zeros(len(names), dtype=np.int64)
    for at, name in enumerate(names):
        session = [row for row in turns if row[0] == name]
        therapists[at] = int(session[0][3][1:])
        cells: dict[tuple[str, int], list[float]] = {}
        for rank, (_, _, role, _, score) in enumerate(session):
            place = min(rank * BINS // (len(session) - 1), BINS - 1)
            if score is not None:
                cells.setdefault((role, place), []).append(score)
        for (role, place), scores in cells.items():
            values[role][at, place] = sum(scores) / len(scores)
    values["gap"] = values["therapist"] - values["patient"]
    return values, therapists


def curve(role: str, values: Floats, therapists: NDArray[np.int64]) -> list[dict[str, object]]:
    """Mean, standard error and the ranges of the bounds at each bin."""
    clusters = [np.flatnonzero(therapists == one) for one in np.unique(therapists)]
    once = np.ones((1, len(clusters)), dtype=np.int64)
    (mean,), (error,) = estimate(values, clusters, once)
    stars = replicates(values, clusters, mean)
    tail = (1 - CONFIDENCE) / 2
    low, high = between(stars, tail), between(stars, 1 - tail)
    critical = between(np.abs(stars).max(axis=1, keepdims=True), CONFIDENCE)
    return [
        {
            "role": role,
            "u": (2 * at + 1) / (2 * BINS),
            "mean": mean[at],
            "n_sessions": int(np.isfinite(values[:, at]).sum()),
            "n_clusters": sum(bool(np.isfinite(values[members, at]).any()) for members in clusters),
            "ci_low": [mean[at] - bound * error[at] for bound in (high[1][at], high[0][at])],
            "ci_high": [mean[at] - bound * error[at] for bound in (low[1][at], low[0][at])],
            "half_band": [bound[0] * error[at] for bound in critical],
        }
        for at in range(BINS)
    ]


def estimate(values: Floats, clusters: list[NDArray[np.int64]], times: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Mean over sessions and its cluster-robust standard error where cluster c is there times[:, c] times."""
    known = np.isfinite(values)
    filled = np.where(known, values, 0.0)
    totals = np.array([filled[members].sum(axis=0) for members in clusters])
    counts = np.array([known[members].sum(axis=0) for members in clusters])
    number = times @ counts
    mean = times @ totals / number
    present = (counts > 0).sum(axis=0)
    residual = totals[None] - mean[:, None, :] * counts[None]
    variance = present / (present - 1) * np.einsum("rc,rcb->rb", times, residual**2) / number**2
    return mean, np.sqrt(variance)


def replicates(values: Floats, clusters: list[NDArray[np.int64]], mean: Floats) -> Floats:
    """Draw clusters with replacement and studentise, [replicates, bins]; not a number counts as 0."""
    generator = np.random.default_rng(SEED + 1)
    parts = []
    for _ in range(REPLICATES // BATCH):
        times = generator.multinomial(len(clusters), np.full(len(clusters), 1 / len(clusters)), size=BATCH)
        with np.errstate(divide="ignore", invalid="ignore"):
            drawn, error = estimate(values, clusters, times)
            parts.append((drawn - mean) / error)
    return np.nan_to_num(np.concatenate(parts), nan=0.0, posinf=np.inf, neginf=-np.inf)


def between(stars: Floats, probability: float) -> tuple[Floats, Floats]:
    """Give what the quantile of RESAMPLES draws lies between."""
    reach = 5 * (probability * (1 - probability) / RESAMPLES) ** 0.5
    bounds = np.quantile(stars, np.clip([probability - reach, probability + reach], 0, 1), axis=0)
    return bounds[0], bounds[1]


if __name__ == "__main__":
    main()
