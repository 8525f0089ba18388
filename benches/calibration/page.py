"""The page: what was asked, the command, the machine, each question's section."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benches.calibration import machine
from benches.calibration.questions import QUESTIONS
from benches.calibration.tables import markdown, paragraph
from benches.calibration.version import code_version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benches.calibration.cell import Result

ASKED = (
    "Do the statistics keep what they promise? Corpora are simulated whose truth is known"
    " (`alliancekit.stats.simulate`), the functions that users call are run on each, and what they claim is counted."
)
SETTING = (
    "Unless a table says otherwise: one scale, 60 turns a session, each session a cluster of its own, SD "
    "of a turn 1. ICC is the share of a turn's variance between sessions (or dyads, or therapists), "
    "autocorrelation that of a role's own turns, SD ratio the target's over the reference's. Skewness is "
    "that of every random draw, turns and sessions alike."
)


def page(results: Sequence[Result], command: str) -> str:
    """Write all sections that have results."""
    corpora = sum(result.corpora for result in results)
    hours = sum(result.seconds for result in results) / 3600
    date = datetime.now(UTC).date().isoformat()
    code = code_version(results[0].cell.question)[:12]
    spent = f"{corpora:,} corpora, {hours:.1f} hours of one core"
    made = paragraph(f"{date} · {machine.line()} · {spent} · code {code} · `{command}`")
    parts = ["# Calibration", paragraph(ASKED, "This page is written by the command."), made, paragraph(SETTING)]
    for name, question in QUESTIONS.items():
        mine = [result for result in results if result.cell.question == name and result.corpora]
        if mine:
            parts += [f"## {question.TITLE}", question.section(mine)]
    return "\n\n".join([*parts, "## Time", times(results)]) + "\n"


def times(results: Sequence[Result]) -> str:
    """Say what a corpus costs, simulation included."""
    rows = []
    for name in QUESTIONS:
        mine = [result for result in results if result.cell.question == name and result.corpora]
        if mine:
            each = sorted(1000 * result.seconds / result.corpora for result in mine)
            corpora = sum(result.corpora for result in mine)
            minutes = sum(result.seconds for result in mine) / 60
            middle = each[len(each) // 2]
            rows.append([name, f"{len(mine)}", f"{corpora:,}", f"{middle:,.0f}", f"{each[-1]:,.0f}", f"{minutes:,.0f}"])
    return markdown(["question", "cells", "corpora", "ms a corpus (median cell)", "slowest cell", "minutes"], rows)
