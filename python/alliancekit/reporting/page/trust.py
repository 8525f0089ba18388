"""Can I trust it?"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.reporting.apa.numbers import MISSING, bounded, count
from alliancekit.reporting.apa.table import Cell, Heading, Table, shown, words
from alliancekit.reporting.calibration import calibration
from alliancekit.reporting.page.blocks import Block, Callout, Facts, Figure, Items, Section, Text

if TYPE_CHECKING:
    from alliancekit.reporting.analysis import Analysis
    from alliancekit.reporting.model import Model

QUESTION = "Can I trust it?"
NOT_RATINGS = (
    "Scores are not ratings. On questionnaires, therapists usually rate the alliance lower than patients do (d "
    "about .4 to .6); a positive gap here is a statement about language and does not contradict that. The scores "
    "were not validated against completed questionnaires."
)
LIMITS = (
    (
        "Nothing here is a diagnosis, a suicide-risk assessment or crisis detection: a turn about suicide is "
        "scored for alliance and for nothing else."
    ),
    "Nothing here measures the quality of a person as a patient or a therapist.",
    "Scores of different models, inventories or methods are in different units and cannot be compared.",
    "A difference between conditions may come from who treats whom, how long, and in what stage of treatment.",
)


def section(analysis: Analysis, model: Model) -> Section:
    """Say what the numbers rest on, what was left out, and what they are not."""
    blocks: list[Block] = [
        Callout(NOT_RATINGS),
        Items(LIMITS),
        Facts([*model.card, *_facts(analysis)]),
        Text(_calibrated()),
    ]
    if analysis.coverage.left_out.height:
        blocks.append(Figure("Sessions without a gap, and why.", _left_out(analysis.coverage.left_out)))
    return Section("trust", QUESTION, _answer(analysis), blocks)


def _answer(analysis: Analysis) -> str:
    found = analysis.coverage
    left = (
        "No session was left out."
        if found.both_roles == found.sessions
        else f"Left out, without scored turns of both roles: {found.without_both}."
    )
    return f"As a description of language, within the limits told here. {left}"


def _facts(analysis: Analysis) -> list[tuple[str, str]]:
    found = analysis.coverage
    return [
        ("Turns longer than the model reads", _truncated(found.truncated, found.turns)),
        ("Turns without a score", MISSING if found.unscored is None else count(found.unscored)),
        ("Reliability of a session’s gap (split-half)", _reliability(analysis.sessions)),
    ]


def _truncated(truncated: int | None, turns: int | None) -> str:
    if truncated is None or not turns:
        return "not known: the table does not say"
    return f"{count(truncated)} of {count(turns)} ({100 * truncated / turns:.1f}%)"


def _reliability(sessions: pl.DataFrame) -> str:
    known = sessions.filter(pl.col("gap_reliability").is_not_null()).unique(schema.SCALE, maintain_order=True)
    each = [
        f"{shown(scale)} {bounded(value) if value > 0 else 'none'}"
        for scale, value in known.select(schema.SCALE, "gap_reliability").iter_rows()
    ]
    return ", ".join(each) or "not known: that needs 6 sessions"


def _calibrated() -> str:
    found = calibration()
    text = (
        f"In {count(found.corpora)} simulated corpora without any effect, p ≤ .05 came up in {found.lowest:g}% to "
        f"{found.highest:g}% of the corpora of a design (medians of the tests {found.medians[0]:g}% to "
        f"{found.medians[1]:g}%); the usual test, which takes turns as independent, in up to {found.over_turns:g}%. "
        "The page docs/calibration.md of alliancekit has all designs."
    )
    return f"{text} These figures are provisional." if found.provisional else text


def _left_out(table: pl.DataFrame) -> Table:
    rows = [
        [words(scale), Cell(reason or MISSING), Cell("fewer than 5" if n is None else count(n), n)]
        for scale, reason, n in table.iter_rows()
    ]
    return Table(
        "Sessions without a gap", [Heading("scale"), Heading("reason"), Heading("sessions", number=True)], rows
    )
