"""Which columns the table of each result has, in which order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.reporting.apa import columns as of
from alliancekit.reporting.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from alliancekit.reporting.apa.columns import Column


def _gap(digits: int, interval: str) -> list[Column]:
    return [
        of.label(schema.SCALE, "scale"),
        of.score("patient_mean", "patient", digits=digits),
        of.score("therapist_mean", "therapist", digits=digits),
        of.score("gap", "gap", digits=digits),
        of.interval("ci_low", "ci_high", interval, digits=digits),
        *_p(),
        of.score("effect_size", "d", digits=2, symbol=True),
        of.score("misalignment", "misalignment", digits=digits),
        of.count("n_sessions", "n", symbol=True),
    ]


def _compare(digits: int, interval: str) -> list[Column]:
    return [
        of.label(schema.SCALE, "scale"),
        of.label("reference", "reference"),
        of.score("difference", "difference", digits=digits),
        of.interval("ci_low", "ci_high", interval, digits=digits),
        *_p(),
        of.score("effect_size", "d", digits=2, symbol=True),
        of.count("n_target", "n target"),
        of.count("n_reference", "n reference"),
    ]


def _convergence(digits: int, interval: str) -> list[Column]:
    return [
        of.label(schema.SCALE, "scale"),
        of.score("closing_rate", "closing rate", digits=digits),
        of.interval("ci_low", "ci_high", interval, digits=digits),
        *_p(),
        of.score("effect_size", "d", digits=2, symbol=True),
        of.known("verdict", "verdict"),
        of.count("n_sessions", "n", symbol=True),
    ]


def _trajectories(digits: int, interval: str) -> list[Column]:
    return [
        of.label(schema.SCALE, "scale"),
        of.label(schema.ROLE, "role"),
        of.score("u", "u", digits=2, symbol=True),
        of.score("mean", "M", digits=digits, symbol=True),
        of.interval("ci_low", "ci_high", interval, digits=digits),
        of.interval("band_low", "band_high", f"{interval.removesuffix(' CI')} band", digits=digits),
        of.count("n_sessions", "n", symbol=True),
    ]


def _sessions(digits: int, _interval: str) -> list[Column]:
    return [
        of.label(schema.SESSION_ID, "session"),
        of.label(schema.SCALE, "scale"),
        of.score("gap_shrunken", "gap (shrunken)", digits=digits),
        of.interval("shrunken_low", "shrunken_high", "95% interval", digits=digits),
        of.count("n_patient", "patient turns"),
        of.count("n_therapist", "therapist turns"),
    ]


def _effects(digits: int, interval: str) -> list[Column]:
    return [
        of.label(schema.SCALE, "scale"),
        of.label("term", "term"),
        of.score("estimate", "b", digits=digits, symbol=True),
        of.score("std_error", "SE", digits=digits, symbol=True),
        of.interval("ci_low", "ci_high", interval, digits=digits),
        of.score("statistic", "t", digits=2, symbol=True),
        of.count("df", "df", symbol=True),
        of.probability("p_value", "p"),
    ]


def _variances(digits: int, _interval: str) -> list[Column]:
    return [
        of.label(schema.SCALE, "scale"),
        of.label("level", "level"),
        of.known("term", "term"),
        of.score("variance", "variance", digits=digits),
        of.score("sd", "SD", digits=digits, symbol=True),
        of.count("n_units", "units"),
    ]


def _p() -> list[Column]:
    return [of.probability("p_value", "p"), of.probability("p_adjusted", "p (Holm)")]


COLUMNS: Final[dict[Kind, Callable[[int, str], list[Column]]]] = {
    Kind.GAP: _gap,
    Kind.COMPARE: _compare,
    Kind.CONVERGENCE: _convergence,
    Kind.TRAJECTORIES: _trajectories,
    Kind.SESSIONS: _sessions,
    Kind.EFFECTS: _effects,
    Kind.VARIANCES: _variances,
}
"""Made of the decimals of scores and of what an interval is called; labels and forms come before the numbers."""
