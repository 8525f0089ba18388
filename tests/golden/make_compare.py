"""Contrasts of a small corpus of sessions, by scipy, statsmodels and numpy; no line of alliancekit is used.

Run with `python tests/golden/make_compare.py`: it writes `compare_sessions.csv` and `compare.json` beside itself.
The corpus has 45 sessions on one scale. In the 17 of `alone` every session has a therapist of its own; the 28 of
`shared` belong to 14 patients of 8 therapists: 4 therapists with patients of both conditions, 4 with one condition.
"""

from __future__ import annotations

import csv
import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import statsmodels.api as sm  # type: ignore[import-untyped]
from scipy import stats  # type: ignore[import-untyped]

HERE = Path(__file__).parent
SHARED = {
    "t0": ["pain", "grief", "grief"],
    "t1": ["pain", "grief"],
    "t2": ["pain", "pain", "grief"],
    "t3": ["grief", "pain"],
    "t4": ["pain"],
    "t5": ["grief"],
    "t6": ["grief"],
    "t7": ["pain"],
}
Session = dict[str, Any]


def session(generator: np.random.Generator, number: int, condition: str, patient: str, therapist: str) -> Session:
    """One session; sessions of `pain` are longer, vary more, and have a larger gap."""
    pain = condition == "pain"
    length = 20 + int(generator.integers(0, 20)) + 6 * pain
    gap = 0.2 + 0.1 * pain + 0.01 * (length - 30) + (0.5 if pain else 0.25) * generator.normal()
    return {
        "session_id": f"s{number:02}",
        "corpus": "alone" if number < 17 else "shared",
        "condition": condition,
        "patient_id": patient,
        "therapist_id": therapist,
        "n_patient": length - length // 2,
        "n_therapist": length // 2,
        "gap": round(gap, 4),
        "gap_product": round(gap * gap + 0.2 * generator.normal(), 4),
    }


def corpus() -> list[Session]:
    """All sessions."""
    generator = np.random.Generator(np.random.PCG64(11))
    sessions = [
        session(generator, number, "pain" if number < 8 else "grief", f"p{number:02}", f"a{number:02}")
        for number in range(17)
    ]
    for therapist, conditions in SHARED.items():
        for place, condition in enumerate(conditions):
            for _ in range(2):
                sessions.append(session(generator, len(sessions), condition, f"{therapist}-{place}", therapist))
    return sessions


def welch(target: np.ndarray, other: np.ndarray, axis: int = -1) -> np.ndarray:
    """Welch's t."""
    variances = [arm.var(axis=axis, ddof=1) / arm.shape[axis] for arm in (target, other)]
    statistic: np.ndarray = (target.mean(axis=axis) - other.mean(axis=axis)) / np.sqrt(variances[0] + variances[1])
    return statistic


def alone(target: np.ndarray, other: np.ndarray) -> dict[str, Any]:
    """Welch's test and all 24,310 permutations."""
    found = stats.ttest_ind(target, other, equal_var=False)
    exact = {
        side: float(
            stats.permutation_test(
                (target, other), welch, vectorized=True, n_resamples=np.inf, batch=2000, alternative=side
            ).pvalue
        )
        for side in ("two-sided", "greater")
    }
    return {
        "difference": float(target.mean() - other.mean()),
        "difference_se": float((target.mean() - other.mean()) / found.statistic),
        "welch": [float(bound) for bound in found.confidence_interval(0.95)],
        "p_value": exact["two-sided"],
        "p_greater": exact["greater"],
        "effect_size": float((target.mean() - other.mean()) / np.sqrt((target.var(ddof=1) + other.var(ddof=1)) / 2)),
    }


def clustered(values: np.ndarray, target: np.ndarray, therapists: np.ndarray) -> tuple[float, float]:
    """Difference of means with a standard error robust to clusters that both arms may share.

    Each arm's part of a cluster's influence is multiplied by root k / (k - 1), k the arm's clusters.
    """
    parts = []
    for arm in (target, ~target):
        residuals = np.where(arm, values - values[arm].mean(), 0.0) / arm.sum()
        k = len(np.unique(therapists[arm]))
        parts.append(np.sqrt(k / (k - 1)) * np.bincount(therapists, weights=residuals))
    return values[target].mean() - values[~target].mean(), float(np.sqrt(np.sum((parts[0] - parts[1]) ** 2)))


def check_without_factors(values: np.ndarray, target: np.ndarray, therapists: np.ndarray) -> None:
    """Hold the same sandwich, without the factors, against statsmodels."""
    fit = sm.OLS(values, sm.add_constant(target.astype(float))).fit(
        cov_type="cluster", cov_kwds={"groups": therapists, "use_correction": False}
    )
    influence = sum(
        sign * np.bincount(therapists, weights=np.where(arm, values - values[arm].mean(), 0.0) / arm.sum())
        for sign, arm in ((1, target), (-1, ~target))
    )
    np.testing.assert_allclose(np.sqrt(np.sum(influence**2)), fit.bse[1], rtol=1e-12)


def blocks(sessions: list[Session]) -> list[tuple[list[np.ndarray], int]]:
    """Sessions of each unit that labels are given to, by block, and how many units of the block have the target."""
    mixed = {therapist for therapist, conditions in SHARED.items() if len(set(conditions)) > 1}
    units: dict[str, dict[str, list[int]]] = {}
    for at, one in enumerate(sessions):
        therapist = one["therapist_id"]
        block, unit = (therapist, one["patient_id"]) if therapist in mixed else ("whole", therapist)
        units.setdefault(block, {}).setdefault(unit, []).append(at)
    return [
        (
            [np.array(unit) for unit in members.values()],
            sum(sessions[unit[0]]["condition"] == "pain" for unit in members.values()),
        )
        for members in units.values()
    ]


def shared(sessions: list[Session], measure: str) -> dict[str, Any]:
    """Cluster-robust difference, and all permutations of patients within therapists and of whole therapists."""
    values = np.array([one[measure] for one in sessions])
    target = np.array([one["condition"] == "pain" for one in sessions])
    therapists = np.unique([one["therapist_id"] for one in sessions], return_inverse=True)[1]
    check_without_factors(values, target, therapists)
    difference, error = clustered(values, target, therapists)
    design = blocks(sessions)
    about = values.copy()
    for units, _ in design:
        of_block = np.concatenate(units)
        about[of_block] -= values[of_block].mean()
    choices = [itertools.combinations(range(len(units)), count) for units, count in design]
    statistics = []
    for chosen in itertools.product(*choices):
        labels = np.zeros(len(values), dtype=bool)
        for (units, _), places in zip(design, chosen, strict=True):
            labels[np.concatenate([units[place] for place in places])] = True
        statistics.append(np.divide(*clustered(about, labels, therapists)))
    observed = np.divide(*clustered(about, target, therapists))
    tails = [np.mean(np.array(statistics) >= observed - 1e-12), np.mean(np.array(statistics) <= observed + 1e-12)]
    return {
        "difference": float(difference),
        "difference_se": error,
        "arrangements": len(statistics),
        "p_permutation": float(2 * min(tails)),
        "p_permutation_greater": float(tails[0]),
    }


def adjusted(sessions: list[Session]) -> dict[str, float]:
    """Difference of gaps at equal length, with residuals about the slope of all other sessions.

    Each arm's part of the variance has the factor n / (n - 1).
    """
    values = np.array([one["gap"] for one in sessions])
    length = np.array([float(one["n_patient"] + one["n_therapist"]) for one in sessions])
    target = np.array([one["condition"] == "pain" for one in sessions])
    fit = sm.OLS(values, np.stack([np.ones(len(values)), target, length], axis=1)).fit()
    left = sm.OLS(target.astype(float), sm.add_constant(length)).fit().resid
    own = left * fit.resid / np.sum(left**2)
    np.testing.assert_allclose(np.sqrt(np.sum(own**2)), fit.get_robustcov_results("HC0").bse[1], rtol=1e-12)
    y, x = (column - np.where(target, column[target].mean(), column[~target].mean()) for column in (values, length))
    others = [np.delete(np.arange(len(y)), at) for at in range(len(y))]
    slopes = np.array([np.linalg.lstsq(x[kept, None], y[kept], rcond=None)[0][0] for kept in others])
    influence = left * (y - slopes * x) / np.sum(left**2)
    variance = sum(arm.sum() * influence[arm].var(ddof=1) for arm in (target, ~target))
    return {"difference": float(fit.params[1]), "difference_se": float(np.sqrt(variance))}


def main() -> None:
    """Write both files."""
    sessions = corpus()
    with (HERE / "compare_sessions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(sessions[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(sessions)
    parts = {name: [one for one in sessions if one["corpus"] == name] for name in ("alone", "shared")}
    results: dict[str, Any] = {"alone": {}, "shared": {}, "adjusted": adjusted(parts["alone"])}
    for measure in ("gap", "gap_product"):
        arms = [
            np.array([one[measure] for one in parts["alone"] if one["condition"] == condition])
            for condition in ("pain", "grief")
        ]
        results["alone"][measure] = alone(*arms)
        results["shared"][measure] = shared(parts["shared"], measure)
    (HERE / "compare.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
