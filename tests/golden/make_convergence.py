"""Closing rates and couplings of a small corpus, by numpy, scipy and statsmodels; no line of alliancekit is used.

Run with `python tests/golden/make_convergence.py`: it writes `convergence_turns.csv` and `convergence.json` beside
itself. The corpus has 24 sessions of 8 therapists and 16 patients, of unequal length.
"""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import statsmodels.api as sm  # type: ignore[import-untyped]  # it ships no types
from scipy.signal import detrend  # type: ignore[import-untyped]  # it ships no types

HERE = Path(__file__).parent
REPLICATES = 200_000
BLOCKS = {"early": ((0.0, 0.2), (0.25, 0.45)), "late": ((0.55, 0.75), (0.8, 1.0))}
Session = dict[str, Any]


def corpus() -> list[Session]:
    """Sessions with the scores of patient and therapist by turns; the patient begins and the therapist ends."""
    generator = np.random.Generator(np.random.PCG64(20))
    sessions = []
    for number in range(24):
        exchanges = int(generator.integers(7, 22))
        u = np.arange(2 * exchanges) / (2 * exchanges - 1)
        common = generator.normal(size=exchanges)
        sides = [0.7 * generator.normal(size=exchanges) + side * common for side in (0.15, 0.2)]
        gap = 0.4 + generator.normal(0, 0.2) - (0.7 + generator.normal(0, 0.3)) * (u[1::2] - 0.5)
        sessions.append(
            {
                "session": f"s{number:02}",
                "patient_id": f"p{number // 3 * 2 + min(number % 3, 1)}",
                "therapist_id": f"t{number // 3}",
                "u": u,
                "patient": np.round(sides[0], 3),
                "therapist": np.round(sides[1] + gap, 3),
            }
        )
    return sessions


def clustered(values: np.ndarray, therapists: list[str]) -> tuple[float, float]:
    """Mean and cluster-robust standard error with the factor k / (k - 1)."""
    codes = np.unique(therapists, return_inverse=True)[1]
    k = codes.max() + 1
    fit = sm.OLS(values, np.ones(len(values))).fit(
        cov_type="cluster", cov_kwds={"groups": codes, "use_correction": False}
    )
    return float(fit.params[0]), float(fit.bse[0] * np.sqrt(k / (k - 1)))


def line(session: Session) -> tuple[float, float]:
    """Intercept a and slope b of gap(u) = a + b(u - .5)."""
    fits = [
        sm.OLS(session[role], sm.add_constant(session["u"][offset::2] - 0.5)).fit().params
        for offset, role in enumerate(("patient", "therapist"))
    ]
    a, b = fits[1] - fits[0]
    return float(a), float(b)


def squares(session: Session) -> tuple[float, float]:
    """gap² early and late, each the product of the gaps of two blocks."""
    products = []
    for name, pair in BLOCKS.items():
        gaps = []
        for low, high in pair:
            means = []
            for offset, role in enumerate(("patient", "therapist")):
                u = session["u"][offset::2]
                inside = (u >= low) & (u < high) if name == "early" else (u > low) & (u <= high)
                means.append(session[role][inside].mean())
            gaps.append(means[1] - means[0])
        products.append(gaps[0] * gaps[1])
    return float(products[0]), float(products[1])


def detrended(patient: np.ndarray, therapist: np.ndarray) -> tuple[float, float, float]:
    """Products of two series of one session, both without their line."""
    left, right = detrend(patient), detrend(therapist)
    return float(left @ right), float(left @ left), float(right @ right)


def mismatched(sessions: list[Session]) -> list[list[tuple[float, int]]]:
    """Correlations of each session's patient with every therapist of no common person, and their exchanges."""
    rows = []
    for one in sessions:
        row = []
        for other in sessions:
            if one["patient_id"] == other["patient_id"] or one["therapist_id"] == other["therapist_id"]:
                continue
            overlap = min(len(one["patient"]), len(other["therapist"]))
            shared, left, right = detrended(one["patient"][:overlap], other["therapist"][:overlap])
            row.append((shared / np.sqrt(left * right), overlap))
        rows.append(row)
    return rows


def coupling(sessions: list[Session]) -> dict[str, float]:
    """Pooled correlation, that of mismatched pairs, and p of their difference from many replicates."""
    products = np.array([detrended(one["patient"], one["therapist"]) for one in sessions])
    shared, left, right = products.T
    weights = np.sqrt(left * right)
    therapists = np.unique([one["therapist_id"] for one in sessions], return_inverse=True)[1]
    generator = np.random.Generator(np.random.PCG64(21))
    observed, centres, drawn = [], [], np.empty((REPLICATES, len(sessions)))
    for at, (pairs, one) in enumerate(zip(mismatched(sessions), sessions, strict=True)):
        correlations, overlaps = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
        stretch = np.sqrt((overlaps - 2) / (len(one["patient"]) - 2))
        centre = np.average(correlations, weights=stretch)
        k = len(pairs)
        own = 1 + k / stretch.sum() ** 2
        theirs = 1 + (stretch**2).sum() / stretch.sum() ** 2 - 2 / k
        deviations = weights[at] * np.sqrt(own / theirs) * stretch * (correlations - centre)
        drawn[:, at] = generator.choice(deviations, size=REPLICATES)
        centres.append(centre)
        observed.append(shared[at] - weights[at] * centre)
    reached = statistic(drawn, weights, therapists) >= statistic(np.array([observed]), weights, therapists)
    whole = np.sqrt(left.sum() * right.sum())
    return {
        "coupling": float(shared.sum() / whole),
        "coupling_mismatched": float(weights @ np.array(centres) / whole),
        "coupling_p_value": float(reached.mean()),
    }


def interval(sessions: list[Session]) -> dict[str, float]:
    """Bootstrap-t interval of the pooled correlation, its denominator an arithmetic mean of the two balanced sums."""
    therapists = np.unique([one["therapist_id"] for one in sessions], return_inverse=True)[1]
    member = np.eye(therapists.max() + 1)[therapists]
    products = np.array([detrended(one["patient"], one["therapist"]) for one in sessions])
    shared, left, right = (products.T @ member).reshape(3, -1)
    balance = np.sqrt(right.sum() / left.sum())
    whole = (left * balance + right / balance) / 2
    k = len(shared)
    times = np.random.Generator(np.random.PCG64(22)).multinomial(k, np.full(k, 1 / k), size=REPLICATES)

    def ratio(times: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        value = times @ shared / (times @ whole)
        residual = (shared - np.multiply.outer(value, whole)) ** 2
        return value, np.sqrt(k / (k - 1) * (times * residual).sum(axis=-1)) / (times @ whole)

    value, error = ratio(np.ones(k))
    stars, errors = ratio(times)
    with np.errstate(invalid="ignore", divide="ignore"):
        t = np.nan_to_num((stars - value) / errors, posinf=np.inf, neginf=-np.inf)
    low, high = np.quantile(t, [0.025, 0.975])
    return {"coupling_low": float(value - high * error), "coupling_high": float(value - low * error)}


def statistic(rows: np.ndarray, weights: np.ndarray, clusters: np.ndarray) -> np.ndarray:
    """|t| of each row's sum, by a matrix of clusters."""
    member = np.eye(clusters.max() + 1)[clusters]
    summed, mass = rows @ member, weights @ member
    residual = summed - np.outer(summed.sum(axis=1) / mass.sum(), mass)
    k = len(mass)
    spread = np.sqrt(k / (k - 1) * (residual**2).sum(axis=1))
    return np.asarray(np.abs(rows.sum(axis=1)) / spread)


def main() -> None:
    """Write the corpus and the results."""
    sessions = corpus()
    therapists = [one["therapist_id"] for one in sessions]
    a, b = (np.array(side) for side in zip(*map(line, sessions), strict=True))
    early, late = (np.array(side) for side in zip(*map(squares, sessions), strict=True))
    (mid, mid_error), (slope, slope_error) = clustered(a, therapists), clustered(b, therapists)
    decline, _ = clustered(early - late, therapists)
    result = {
        "closing_rate": -slope * np.sign(mid),
        "closing_rate_se": slope_error,
        "gap_mid": mid,
        "gap_mid_se": mid_error,
        "gap_slope": slope,
        "misalignment_early": np.sign(early.mean()) * np.sqrt(abs(early.mean())),
        "misalignment_late": np.sign(late.mean()) * np.sqrt(abs(late.mean())),
        "misalignment_decline": decline,
        **coupling(sessions),
        **interval(sessions),
    }
    (HERE / "convergence.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    with (HERE / "convergence_turns.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["session_id", "turn_index", "role", "patient_id", "therapist_id", "bond"])
        for one in sessions:
            for turn in range(2 * len(one["patient"])):
                role = ("patient", "therapist")[turn % 2]
                writer.writerow(
                    [one["session"], turn, role, one["patient_id"], one["therapist_id"], float(one[role][turn // 2])]
                )


if __name__ == "__main__":
    main()
