"""Delays: turns of the side concerned until a planted change is noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from benches.calibration.tables import markdown, paragraph, percent
from benches.live_calibration.corpora import Setting, reference, settings
from benches.live_calibration.signals import first_alerts

if TYPE_CHECKING:
    from numpy.typing import NDArray

FALLS: Final = (0.5, 1.0, 2.0)
AT: Final = 40
TURNS: Final = 120
SESSIONS: Final = 400
_NAMES: Final = {"patient falling:total": "falling", "sides parting:total": "parting", "echo": "echo"}


def section(sessions: int) -> str:
    """Write the section."""
    rows = [row for setting in settings() for row in _rows(setting, sessions)]
    head = ["ICC", "autocorrelation", "short turns", "SD", *(f"{name}: noticed %, turns" for name in _NAMES.values())]
    return "\n\n".join(
        [
            paragraph(
                f"Sessions of {TURNS} turns; from turn {AT} on (the patient's {AT // 2 + 1}st) the patient's side is",
                ".5, 1 or 2 SD of a turn lower, the therapist's holds, and the echo of answers is as much higher.",
                "References as above, at 5 false alarms per 100 sessions for the three signals together. *Noticed*:",
                f"alerts before the end, of {SESSIONS} sessions without an earlier one; *turns*: the side's own turns",
                "from the change to the alert, median and (90th percentile) of those noticed.",
            ),
            markdown(head, rows),
        ]
    )


def _rows(setting: Setting, sessions: int) -> list[list[str]]:
    usual = reference(setting, sessions)
    rows = []
    for fall in FALLS:
        first = first_alerts(setting.corpus(SESSIONS, 3, turns=TURNS, fall=fall, at=AT), usual)
        rows.append([*setting.shown, f"{fall:g}", *(_noticed(first[name]) for name in _NAMES)])
    return rows


def _noticed(first: NDArray[np.float64]) -> str:
    waiting = first[~(first < AT)]
    delays = (waiting[~np.isnan(waiting)] - AT) // 2 + 1
    share = percent(len(delays) / len(waiting), 0)
    if not len(delays):
        return share
    median, late = np.quantile(delays, (0.5, 0.9), method="inverted_cdf")
    return f"{share}, {median:.0f} ({late:.0f})"
