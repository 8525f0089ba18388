"""What was scored?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit import schema
from alliancekit.labels import counted
from alliancekit.reporting.apa.numbers import MISSING, count
from alliancekit.reporting.apa.table import Cell, Heading, Table, words
from alliancekit.reporting.page.blocks import Block, Callout, Facts, Figure, Section, Text
from alliancekit.reporting.page.words import listed

if TYPE_CHECKING:
    from alliancekit.reporting.analysis import Analysis
    from alliancekit.reporting.choices import Origin
    from alliancekit.reporting.model import Model

SCORES = (
    "Each turn's score says how close its wording is to sentences that express the working alliance (task, bond, "
    "goal). Scores are of language. They are not ratings, and no questionnaire was filled in."
)


def section(analysis: Analysis, origin: Origin, model: Model) -> Section:
    """Say what the report is about."""
    found = analysis.coverage
    return Section(
        "scored",
        "What was scored?",
        _answer(analysis),
        [Text(SCORES), *_blocks(analysis, origin, model, found.sessions)],
    )


def _answer(analysis: Analysis) -> str:
    found = analysis.coverage
    turns = found.patient_turns + found.therapist_turns
    text = (
        f"{counted(found.sessions, 'session')} with {counted(turns, 'scored turn')}: {count(found.patient_turns)} of "
        f"patients, {count(found.therapist_turns)} of therapists."
    )
    turns_of = {schema.PATIENT: found.patient_turns, schema.THERAPIST: found.therapist_turns}
    lacking = [f"{role}s" for role, n in turns_of.items() if not n]
    if lacking:
        return f"{text} There are no scored turns of {listed(lacking)}, so the two sides cannot be compared."
    labels = found.conditions.height
    return f"{text} {counted(labels, 'condition')}." if labels else f"{text} No conditions."


def _blocks(analysis: Analysis, origin: Origin, model: Model, sessions: int) -> list[Block]:
    blocks: list[Block] = [Facts(_facts(analysis, origin, model))]
    if sessions == 1:
        blocks.append(Callout("One session: nothing can be said about others, and there is no interval anywhere."))
    if analysis.by is None:
        blocks.append(Text(analysis.absent["by_condition"]))
    else:
        blocks.append(Figure("Sessions and scored turns by condition.", _conditions(analysis, analysis.by)))
    return blocks


def _facts(analysis: Analysis, origin: Origin, model: Model) -> list[tuple[str, str]]:
    found = analysis.coverage
    return [
        ("Scores", origin.file or "given as a table"),
        ("Scales", listed(analysis.scales)),
        ("Method", model.method),
        ("Model", model.name),
        ("Sessions", f"{count(found.sessions)}; without scored turns of both roles: {found.without_both}"),
        ("Turns", _turns(analysis)),
        ("Ratings", "none: nothing here was compared with questionnaires"),
    ]


def _turns(analysis: Analysis) -> str:
    found = analysis.coverage
    if found.turns is None:
        return "not known any more: the input is a session table"
    return f"{count(found.turns)}, of which {count(found.unscored)} without a score"


def _conditions(analysis: Analysis, by: str) -> Table:
    rows = [
        [words(label), *(Cell(count(value) if value is not None else MISSING, value) for value in numbers)]
        for label, *numbers in analysis.coverage.conditions.iter_rows()
    ]
    heads = ("sessions", "patient turns", "therapist turns")
    return Table(
        "Sessions and scored turns by condition",
        [Heading(by), *(Heading(head, number=True) for head in heads)],
        rows,
        groups=[row[0].text for row in rows],
    )
