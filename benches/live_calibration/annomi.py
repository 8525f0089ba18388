"""AnnoMI as it is: which states its sessions go through, against a reference made of themselves. No claim."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from benches.calibration.tables import markdown, paragraph
from benches.calibration.version import ROOT

import alliancekit as ak
from alliancekit.live.calibrating.furthest import sessions_of
from alliancekit.live.reference import limit_name
from alliancekit.live.signals.states import ALERT, NOT_ENOUGH, STEADY, WATCH
from alliancekit.live.signals.watching import Watching

if TYPE_CHECKING:
    from alliancekit.live.calibrating.furthest import Turn
    from alliancekit.live.reference import Reference

FILE: Final = ROOT.parent / "shared" / "data" / "AnnoMI-simple.csv"
_ORDER: Final = (NOT_ENOUGH, STEADY, WATCH, ALERT)


def section() -> str:
    """Write the section; a sentence where the corpus is not beside the checkout."""
    if not FILE.is_file():
        return "AnnoMI is not beside the checkout."
    scored = ak.Scorer().score(ak.read(FILE).turns, echo=True)
    reference = ak.build_reference(scored)
    furthest = {name: Counter[str]() for name in reference.limits}
    last = {name: Counter[str]() for name in reference.limits}
    for session in sessions_of(scored.sort("session_id", "turn_index"), reference):
        seen = _states(session, reference)
        for name, states in seen.items():
            furthest[name][max(states, key=_ORDER.index)] += 1
            last[name][states[-1]] += 1
    rows = [
        [name, which, *(f"{counts[name][state]}" for state in _ORDER)]
        for name in reference.limits
        for which, counts in (("furthest", furthest), ("at the end", last))
    ]
    return "\n\n".join(
        [
            paragraph(
                f"{reference.sessions} sessions, {reference.turns:,} turns, the reference made of the same sessions:",
                "the number of sessions by the furthest state of each signal and by the state at the end. The rate of",
                "alerts is what was asked for, by construction; nothing says that any of them means something.",
            ),
            markdown(["signal", "state", *_ORDER], rows),
        ]
    )


def _states(session: list[Turn], reference: Reference) -> dict[str, list[str]]:
    watching, asked = Watching(reference), None
    seen: dict[str, list[str]] = {name: [] for name in reference.limits}
    for index, role, tokens, scores, echo in session:
        watching.include(index, role, tokens, scores)
        if echo is not None:
            watching.include_echo(index, echo, asked)
        asked = tokens
        for signal in watching.judge()[0]:
            seen[limit_name(signal.name, signal.scale)].append(signal.state)
    return seen
