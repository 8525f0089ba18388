"""False alarms: asked for, and got in new sessions."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from benches.calibration.tables import NOTHING, markdown, paragraph, percent
from benches.live_calibration.corpora import Setting, reference, settings
from benches.live_calibration.signals import alerted

from alliancekit import schema
from alliancekit.echo import ECHO
from alliancekit.errors import DataError
from alliancekit.live import build_reference

if TYPE_CHECKING:
    from numpy.typing import NDArray

RATES: Final = (1.0, 5.0, 10.0, 20.0)
SIZES: Final = (20, 60, 133, 400)
STEPS: Final = (0.5, 1.0, 2.0)
REPEATS: Final = 40
FRESH: Final = 500
"""New sessions for each of the small references."""
_SIGNALS: Final = ("any", "patient falling:total", "sides parting:total", "echo")
_MONTE_CARLO: Final = 3.29
"""Standard normal quantile of a 99.9 % interval."""


def section(sessions: int) -> str:
    """Write the section."""
    rows = [_row(setting, 5.0, sessions) for setting in settings()]
    rates = [_row(Setting(0.1, 0.3, short_turns=True), rate, sessions) for rate in RATES]
    head = ["ICC", "autocorrelation", "short turns", "asked", "got: any", "falling", "parting", "echo", "verdict"]
    return "\n\n".join(
        [
            paragraph(
                f"A reference from {sessions:,} simulated sessions, {sessions:,} new ones of the same kind: how many",
                "of 100 raise an alert. *ok*: the rate lies within the 99.9 % Monte Carlo error of what was asked for,",
                "that of the limits included. Lengths vary by 30 % about 60 turns.",
            ),
            markdown(head, [*rows, *rates]),
            paragraph(
                f"Small references (ICC .1, autocorrelation .3, short turns; 5 asked for): the mean over {REPEATS}",
                "references, and the range in which 90 % of them lie: few sessions set the limits, so the rate",
                "scatters. *Refused*: references that had too few sessions for three signals together.",
            ),
            markdown(
                ["sessions in the reference", "refused", "asked", "got: mean", "90 % of references"], _sizes(sessions)
            ),
            paragraph(
                "Scores of few values (rounded to so many SD; ICC .1, autocorrelation .3): many sessions go as far,",
                "and a limit that they share is not exceeded by any of them, so that the rate may be lower than asked",
                "for. *ok*: it is not higher, by the Monte Carlo error above.",
            ),
            markdown(["rounded to", "asked", "got: any", "verdict"], [_rounded(size, sessions) for size in STEPS]),
        ]
    )


def _row(setting: Setting, rate: float, sessions: int) -> list[str]:
    made = reference(setting, sessions)
    if rate != made.false_alarms:
        made = build_reference(setting.corpus(sessions, 1), false_alarms=rate)
    found = alerted(setting.corpus(sessions, 2), made)
    got, asked = float(np.mean(found["any"])), rate / 100
    verdict = "ok" if abs(got - asked) <= _MONTE_CARLO * _error(asked, sessions) else "outside"
    return [*setting.shown, f"{rate:g}", *(percent(float(np.mean(found[name]))) for name in _SIGNALS), verdict]


def _error(rate: float, sessions: int) -> float:
    """Standard error of the rate in new sessions, that of the limits included."""
    return math.sqrt(rate * (1 - rate) * 2 / sessions)


def _rounded(step: float, sessions: int) -> list[str]:
    old, new = (_in_steps(Setting(0.1, 0.3, short_turns=False).corpus(sessions, seed), step) for seed in (1, 2))
    got = float(np.mean(alerted(new, build_reference(old))["any"]))
    verdict = "ok" if got - 0.05 <= _MONTE_CARLO * _error(0.05, sessions) else "above"
    return [f"{step:g} SD", "5", percent(got), verdict]


def _in_steps(turns: pl.DataFrame, step: float) -> pl.DataFrame:
    return turns.with_columns(((pl.col(name) / step).round() * step).alias(name) for name in (schema.TOTAL, ECHO))


def _sizes(sessions: int) -> list[list[str]]:
    setting = Setting(0.1, 0.3, short_turns=True)
    fresh = setting.corpus(min(sessions, FRESH), 2)
    rows = []
    for size in SIZES:
        found = [_got(setting, size, 100 + repeat, fresh) for repeat in range(REPEATS)]
        got = np.array([rate for rate in found if rate is not None])
        mean, between = (percent(float(got.mean())), _range(got)) if len(got) else (NOTHING, NOTHING)
        rows.append([f"{size}", f"{len(found) - len(got)}", "5", mean, between])
    return rows


def _got(setting: Setting, size: int, seed: int, fresh: pl.DataFrame) -> float | None:
    try:
        reference = build_reference(setting.corpus(size, seed))
    except DataError:
        return None
    return float(np.mean(alerted(fresh, reference)["any"]))


def _range(got: NDArray[np.float64]) -> str:
    low, high = np.quantile(got, (0.05, 0.95))
    return f"{percent(float(low))} to {percent(float(high))}"
