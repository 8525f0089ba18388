"""`alliancekit.sessions` again, slow and readable: a session, scale and role at a time, as its docstring has it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Row: TypeAlias = "dict[str, float | str | None]"
ROLES = ("patient", "therapist")
BLOCKS: dict[str, Callable[[float], bool]] = {
    "outer": lambda u: u < 0.2 or u > 0.8,
    "inner": lambda u: 0.3 < u < 0.7,
    "early_edge": lambda u: 0.0 <= u < 0.2,
    "early_core": lambda u: 0.25 <= u < 0.45,
    "late_core": lambda u: 0.55 < u <= 0.75,
    "late_edge": lambda u: 0.8 < u <= 1.0,
}
NOTHING = 1e-12
"""Squares below this share of what they are taken from are what rounding left."""


@dataclass(frozen=True)
class Turn:
    """One turn, its place and weight known."""

    role: str
    u: float
    weight: float
    score: float | None
    tokens: int

    @property
    def scored(self) -> bool:
        """Whether the turn's score counts."""
        return self.score is not None and self.weight > 0


@dataclass(frozen=True)
class Side:
    """A role's turns in a session, and what they say."""

    turns: list[Turn]
    n: int
    mean: float | None
    slope: float | None
    mid: float | None
    squares: float | None
    blocks: dict[str, float | None]
    steps: list[float]


def reference(rows: Sequence[Mapping[str, object]], scale: str, weight: str, min_tokens: int | None) -> list[Row]:
    """Give a row per session, sorted by session."""
    names = sorted({str(row["session_id"]) for row in rows})
    sessions = [
        _placed([row for row in rows if row["session_id"] == name], scale, weight, min_tokens) for name in names
    ]
    sides = {role: [_side(session, role) for session in sessions] for role in ROLES}
    errors = {role: _errors(sides[role]) for role in ROLES}
    table = []
    for at, name in enumerate(names):
        row: Row = {"session_id": name, **_shares(sessions[at])}
        for role in ROLES:
            row |= {f"{role}_mean": sides[role][at].mean, f"n_{role}": sides[role][at].n}
            row |= {f"{role}_slope": sides[role][at].slope, f"{role}_se": errors[role][at]}
        row |= _gap(sides["patient"][at], sides["therapist"][at])
        row |= _exchanges(sessions[at])
        table.append(row)
    _with_gap_errors(table)
    _with_shrunken(table)
    for column, value in _reliabilities(sides).items():
        for row in table:
            row[column] = value
    return table


def _placed(rows: list[Mapping[str, object]], scale: str, weight: str, min_tokens: int | None) -> list[Turn]:
    rows = sorted(rows, key=lambda row: int(str(row["turn_index"])))
    turns = []
    for rank, row in enumerate(rows):
        tokens = 0 if row["n_tokens"] is None else int(str(row["n_tokens"]))
        own = 1.0 if weight == "turn" else float(tokens)
        if min_tokens is not None and tokens < min_tokens:
            own = 0.0
        score = row[scale]
        u = rank / (len(rows) - 1) if len(rows) > 1 else 0.5
        turns.append(Turn(str(row["role"]), u, own, None if score is None else float(str(score)), tokens))
    return turns


def _weighted_mean(turns: list[Turn]) -> float | None:
    if not turns:
        return None
    return float(
        np.average([turn.score for turn in turns if turn.score is not None], weights=[t.weight for t in turns])
    )


def _side(session: list[Turn], role: str) -> Side:
    turns = [turn for turn in session if turn.role == role and turn.scored]
    mean, slope, mid, squares = _weighted_mean(turns), None, None, None
    if len(turns) >= 3:
        x, y, w = (
            np.array(v) for v in ([t.u - 0.5 for t in turns], [t.score for t in turns], [t.weight for t in turns])
        )
        about = x - np.average(x, weights=w)
        slope = float(np.sum(w * about * y) / np.sum(w * about**2))
        mid = float(np.average(y, weights=w) - slope * np.average(x, weights=w))
        rest = float(np.sum(w * (y - mid - slope * x) ** 2))
        rest = rest if rest > NOTHING * float(np.sum(w * y**2)) else 0.0
        squares = rest * len(turns) / float(w.sum())
    blocks = {name: _weighted_mean([turn for turn in turns if holds(turn.u)]) for name, holds in BLOCKS.items()}
    return Side(turns, len(turns), mean, slope, mid, squares, blocks, _steps(session, role))


def _steps(session: list[Turn], role: str) -> list[float]:
    """Differences between successive turns of the role with at most one other turn between them."""
    steps = []
    for at, turn in enumerate(session):
        past = [before for before in session[max(at - 2, 0) : at] if before.role == role]
        if turn.role == role and turn.scored and past and past[-1].scored:
            steps.append(float(turn.score or 0.0) - float(past[-1].score or 0.0))
    return steps


def _inflation(r: float, n: int) -> float:
    return 1 + 2 * math.fsum((1 - k / n) * r**k for k in range(1, n))


def _errors(sides: list[Side]) -> list[float | None]:
    """Standard errors with one AR(1) coefficient for all sessions, from successive differences about lines."""
    used = [side for side in sides if side.squares is not None and side.steps]
    steps = [step for side in used for step in side.steps]
    squares = math.fsum(side.squares or 0.0 for side in used)
    r = 0.0
    if steps and squares > 0:
        for _ in range(25):
            freedom = math.fsum(max(side.n - 2 * _inflation(r, side.n), 1) for side in used)
            r = 1 - math.fsum(step**2 for step in steps) / (2 * len(steps)) / (squares / freedom)
            r = min(max(r, -0.9), 0.95)
    return [_error(side, r) for side in sides]


def _error(side: Side, r: float) -> float | None:
    if side.squares is None:
        return None
    f = _inflation(r, side.n)
    weights = np.array([turn.weight for turn in side.turns])
    share = float(np.sum(weights**2) / np.sum(weights) ** 2)
    return math.sqrt(side.squares / max(side.n - 2 * f, 1) * f * share)


def _difference(right: float | None, left: float | None) -> float | None:
    return None if right is None or left is None else right - left


def _product(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one * other


def _gap(patient: Side, therapist: Side) -> Row:
    gaps = {name: _difference(therapist.blocks[name], patient.blocks[name]) for name in BLOCKS}
    slope, mid = _difference(therapist.slope, patient.slope), _difference(therapist.mid, patient.mid)
    ends = (None, None) if slope is None or mid is None else (mid - slope / 2, mid + slope / 2)
    return {
        "gap": _difference(therapist.mean, patient.mean),
        "gap_slope": slope,
        "gap_mid": mid,
        "gap_start": ends[0],
        "gap_end": ends[1],
        "gap_outer": gaps["outer"],
        "gap_inner": gaps["inner"],
        "gap_product": _product(gaps["outer"], gaps["inner"]),
        "gap_product_early": _product(gaps["early_edge"], gaps["early_core"]),
        "gap_product_late": _product(gaps["late_core"], gaps["late_edge"]),
    }


def _exchanges(session: list[Turn]) -> Row:
    """Correlate a patient's turn and the answer right after it, both without their trend over the answer's u."""
    pairs = [
        (before.score, turn.score, turn.u - 0.5)
        for before, turn in pairwise(session)
        if (before.role, turn.role) == ROLES and before.scored and turn.scored
    ]
    row: Row = {"n_exchanges": len(pairs), "congruence": None, "cov_pt": None, "var_p": None, "var_t": None}
    if len(pairs) < 5:
        return row
    p, t, v = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    p_rest, t_rest = (side - np.polyval(np.polyfit(v, side, 1), v) for side in (p, t))
    row |= {"cov_pt": float(p_rest @ t_rest), "var_p": float(p_rest @ p_rest), "var_t": float(t_rest @ t_rest)}
    if float((p_rest @ p_rest) * (t_rest @ t_rest)) > NOTHING * float((p @ p) * (t @ t)):
        row["congruence"] = float(p_rest @ t_rest / math.sqrt((p_rest @ p_rest) * (t_rest @ t_rest)))
    return row


def _shares(session: list[Turn]) -> Row:
    patient = [turn for turn in session if turn.role == "patient"]
    tokens = sum(turn.tokens for turn in session)
    return {
        "talk_share": len(patient) / len(session),
        "token_share": sum(turn.tokens for turn in patient) / tokens if tokens else None,
    }


def _floats(table: list[Row], *columns: str) -> list[list[float]]:
    rows = [[row[column] for column in columns] for row in table]
    return [[float(str(value)) for value in row] for row in rows if None not in row]


def _with_gap_errors(table: list[Row]) -> None:
    """The two sides err together as far as their exchanges correlate, which is one number for all sessions."""
    sums = [math.fsum(column) for column in zip(*_floats(table, "cov_pt", "var_p", "var_t"), strict=True)]
    correlation = sums[0] / math.sqrt(sums[1] * sums[2]) if sums and sums[1] * sums[2] > 0 else 0.0
    for row in table:
        row["gap_se"] = None
        for patient, therapist in _floats([row], "patient_se", "therapist_se"):
            m, n_patient, n_therapist = _floats([row], "n_exchanges", "n_patient", "n_therapist")[0]
            shared = correlation * m / math.sqrt(n_patient * n_therapist)
            variance = patient**2 + therapist**2 - 2 * shared * patient * therapist
            row["gap_se"] = math.sqrt(variance) if variance > NOTHING * (patient**2 + therapist**2) else 0.0


def _with_shrunken(table: list[Row]) -> None:
    known = np.array(_floats(table, "gap", "gap_se"))
    for row in table:
        row |= {"gap_shrunken": None, "shrunken_low": None, "shrunken_high": None}
    if len(known) < 3:
        return
    mean, spread = float(known[:, 0].mean()), float(known[:, 0].var(ddof=1))
    between = max(0.0, spread - float((known[:, 1] ** 2).mean()))
    for row in table:
        for gap, error in _floats([row], "gap", "gap_se"):
            share = between / (between + error**2) if between + error**2 > 0 else 1.0
            centre = mean + share * (gap - mean)
            half = 1.959963984540054 * math.sqrt(share * error**2 + (1 - share) ** 2 * spread / len(known))
            row |= {"gap_shrunken": centre, "shrunken_low": centre - half, "shrunken_high": centre + half}


def _reliabilities(sides: Mapping[str, list[Side]]) -> dict[str, float | None]:
    halves = {role: [(side.blocks["outer"], side.blocks["inner"]) for side in sides[role]] for role in ROLES}
    halves["gap"] = [
        (_difference(t[0], p[0]), _difference(t[1], p[1]))
        for p, t in zip(halves["patient"], halves["therapist"], strict=True)
    ]
    return {f"{who}_reliability": _reliability(pairs) for who, pairs in halves.items()}


def _reliability(pairs: Sequence[tuple[float | None, float | None]]) -> float | None:
    """Spearman-Brown for a session 1/.4 times as long as a half; the sign of a negative correlation is kept."""
    known = np.array([pair for pair in pairs if None not in pair], dtype=float)
    if len(known) < 6 or min(known.std(axis=0)) == 0:
        return None
    r = float(np.corrcoef(known.T)[0, 1])
    return 2.5 * r / (1 + 1.5 * abs(r))
