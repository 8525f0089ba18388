"""The session table in pandas: grouped sums over columns, no Python per session."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from benches.statistics_speed.corpus import BUILD

if TYPE_CHECKING:
    from pathlib import Path

    from benches.statistics_speed.task import Task

Inclusive = Literal["left", "right", "neither"]
SCALES = ["task", "bond", "goal", "total"]
LABELS = ["condition", "patient_id", "therapist_id", "session_number"]
KEYS = ["session_id", "role"]
SESSIONS = BUILD / "sessions-pandas.parquet"
BLOCKS: dict[str, tuple[float, float, Inclusive]] = {
    "inner": (0.3, 0.7, "neither"),
    "early_edge": (0.0, 0.2, "left"),
    "early_core": (0.25, 0.45, "left"),
    "late_core": (0.55, 0.75, "right"),
    "late_edge": (0.8, 1.0, "right"),
}
FEWEST_EXCHANGES = 5
FEWEST_IN_LINE = 3


def sessions(task: Task) -> None:
    session_table(task.corpus).to_parquet(SESSIONS)


def session_table(path: str | Path) -> pd.DataFrame:
    turns = pd.read_parquet(path).sort_values(["session_id", "turn_index"], ignore_index=True)
    turns["u"] = position(turns)
    turns["x"] = turns["u"] - 0.5
    of_session = turns.groupby("session_id")
    labels = of_session[LABELS].first()
    shares = pd.DataFrame(
        {
            "talk_share": (turns["role"] == "patient").groupby(turns["session_id"]).mean(),
            "token_share": turns["n_tokens"].where(turns["role"] == "patient").groupby(turns["session_id"]).sum()
            / of_session["n_tokens"].sum(),
            "truncated_share": of_session["truncated"].mean(),
        }
    )
    tables = [_of_scale(turns, scale).join(labels).join(shares).assign(scale=scale) for scale in SCALES]
    return pd.concat(tables).reset_index().sort_values(["session_id", "scale"], ignore_index=True)


def position(turns: pd.DataFrame) -> pd.Series[float]:
    of_session = turns.groupby("session_id")["turn_index"]
    return of_session.cumcount() / (of_session.transform("size") - 1)


def _of_scale(turns: pd.DataFrame, scale: str) -> pd.DataFrame:
    sides = _roles(turns, scale)
    patient, therapist = (sides.xs(role, level="role") for role in ("patient", "therapist"))
    gap = therapist - patient
    table = pd.DataFrame(
        {
            "patient_mean": patient["mean"],
            "therapist_mean": therapist["mean"],
            "n_patient": patient["count"],
            "n_therapist": therapist["count"],
            "patient_se": patient["std"] / np.sqrt(patient["count"]),
            "therapist_se": therapist["std"] / np.sqrt(therapist["count"]),
            "gap": gap["mean"],
            "gap_slope": gap["slope"],
            "gap_mid": gap["mid"],
            "gap_product": gap["outer"] * gap["inner"],
            "gap_product_early": gap["early_edge"] * gap["early_core"],
            "gap_product_late": gap["late_core"] * gap["late_edge"],
            "congruence": _congruence(turns, scale),
        }
    )
    return _shrunken(table)


def _roles(turns: pd.DataFrame, scale: str) -> pd.DataFrame:
    """Mean, line and blocks of each role."""
    y, x = turns[scale].astype(float), turns["x"]
    grouped = turns.assign(y=y, xy=x * y, xx=x * x).groupby(KEYS)
    table = grouped["y"].agg(["mean", "count", "std"])
    sums = grouped[["x", "xx", "xy", "y"]].sum()
    n = table["count"]
    table["slope"] = (sums["xy"] - sums["x"] * sums["y"] / n) / (sums["xx"] - sums["x"] ** 2 / n)
    table.loc[n < FEWEST_IN_LINE, "slope"] = np.nan
    table["mid"] = table["mean"] - table["slope"] * sums["x"] / n
    u = turns["u"]
    blocks = {name: u.between(low, high, inclusive=inclusive) for name, (low, high, inclusive) in BLOCKS.items()}
    blocks["outer"] = blocks["early_edge"] | blocks["late_edge"]
    for name, block in blocks.items():
        table[name] = y[block].groupby([turns.loc[block, key] for key in KEYS]).mean()
    return table


def _congruence(turns: pd.DataFrame, scale: str) -> pd.Series[float]:
    """Correlation of a patient's turn and the therapist's answer, both without trend."""
    answered = (
        (turns["role"] == "therapist")
        & (turns["role"].shift() == "patient")
        & (turns["session_id"] == turns["session_id"].shift())
    )
    pairs = pd.DataFrame({"p": turns[scale].astype(float).shift(), "t": turns[scale].astype(float), "v": turns["x"]})
    pairs = pairs[answered].dropna()
    session = turns.loc[pairs.index, "session_id"]
    n = pairs["p"].groupby(session).transform("size")
    centred = pairs - pairs.groupby(session).transform("mean")
    square = (centred["v"] ** 2).groupby(session).transform("sum")
    for side in ("p", "t"):
        slope = (centred[side] * centred["v"]).groupby(session).transform("sum") / square
        centred[side] -= slope * centred["v"]
    products = pd.DataFrame({"pt": centred["p"] * centred["t"], "pp": centred["p"] ** 2, "tt": centred["t"] ** 2})
    sums = products[n >= FEWEST_EXCHANGES].groupby(session[n >= FEWEST_EXCHANGES]).sum()
    return sums["pt"] / np.sqrt(sums["pp"] * sums["tt"])


def _shrunken(table: pd.DataFrame) -> pd.DataFrame:
    noise = table["patient_se"] ** 2 + table["therapist_se"] ** 2
    between = max(0.0, float(table["gap"].var()) - float(noise.mean()))
    mean, share = float(table["gap"].mean()), between / (between + noise)
    half = 1.959963984540054 * np.sqrt(share * noise)
    shrunken = mean + share * (table["gap"] - mean)
    return table.assign(gap_shrunken=shrunken, shrunken_low=shrunken - half, shrunken_high=shrunken + half)
