"""AnnoMI as it is: which states its sessions go through, against a reference made of themselves. No claim."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benches.calibration.tables import markdown, paragraph
from benches.calibration.version import ROOT

import alliancekit as ak
from alliancekit.live.calibrating.furthest import sessions_of
from alliancekit.live.reference import limit_name
from alliancekit.live.signals.states import ALERT, NOT_ENOUGH, STEADY, WATCH
from alliancekit.live.signals.watching import Watching

if TYPE_CHECKING:
    import polars as pl

    from alliancekit.live.calibrating.furthest import Turn
    from alliancekit.live.reference import Reference

FILE: Final = ROOT.parent / "shared" / "data" / "AnnoMI-simple.csv"
_ORDER: Final = (NOT_ENOUGH, STEADY, WATCH, ALERT)


@dataclass(frozen=True, slots=True)
class Course:
    """A session's states: of each signal, the turns at which it changed and what to."""

    session: str
    turns: int
    changes: dict[str, list[tuple[int, str]]]

    def states(self, signal: str) -> list[str]:
        """Give the states in their order."""
        return [NOT_ENOUGH, *(state for _, state in self.changes[signal])]

    def shown(self, signal: str) -> str:
        """Give the cell of the signal."""
        return ", ".join(f"{state} {turn}" for turn, state in self.changes[signal]) or NOT_ENOUGH


def section() -> str:
    """Write the section; a sentence where the corpus is not beside the checkout."""
    if not FILE.is_file():
        return "AnnoMI is not beside the checkout."
    scored = ak.Scorer().score(ak.read(FILE).turns, echo=True).sort("session_id", "turn_index")
    reference = ak.build_reference(scored)
    courses = _courses(scored, reference)
    return "\n\n".join([*_counts(courses, reference), *_sessions(courses, list(reference.limits))])


def _courses(scored: pl.DataFrame, reference: Reference) -> list[Course]:
    names = scored["session_id"].unique(maintain_order=True).to_list()
    pairs = zip(names, sessions_of(scored, reference), strict=True)
    return [Course(str(name), len(session), _changes(session, reference)) for name, session in pairs]


def _changes(session: list[Turn], reference: Reference) -> dict[str, list[tuple[int, str]]]:
    watching, asked = Watching(reference), None
    found: dict[str, list[tuple[int, str]]] = {name: [] for name in reference.limits}
    for index, role, tokens, scores, echo in session:
        watching.include(index, role, tokens, scores)
        if echo is not None:
            watching.include_echo(index, echo, asked)
        asked = tokens
        for change in watching.judge()[1]:
            found[limit_name(change.signal, change.scale)].append((index, change.now))
    return found


def _counts(courses: list[Course], reference: Reference) -> list[str]:
    names = list(reference.limits)
    rows = []
    for name in names:
        furthest = Counter(max(course.states(name), key=_ORDER.index) for course in courses)
        last = Counter(course.states(name)[-1] for course in courses)
        for which, counts in (("furthest", furthest), ("at the end", last)):
            rows.append([name, which, *(f"{counts[state]}" for state in _ORDER)])
    alerted = sum(any(ALERT in course.states(name) for name in names) for course in courses)
    return [
        paragraph(
            f"{reference.sessions} sessions, {reference.turns:,} turns, the reference made of the same sessions:",
            "the number of sessions by the furthest state of each signal and by the state at the end.",
            f"{alerted} of {len(courses)} raise an alert; the limits follow from the 5 of 100 that were asked for, and",
            "nothing says that any of them means something.",
        ),
        markdown(["signal", "state", *_ORDER], rows),
    ]


def _sessions(courses: list[Course], signals: list[str]) -> list[str]:
    rows = [[course.session, f"{course.turns}", *map(course.shown, signals)] for course in courses]
    return [
        paragraph("Each session's states, with the index of the turn at which each began:"),
        markdown(["session", "turns", *signals], rows),
    ]
