"""Is therapists' language scored higher than patients'?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit.reporting.apa.numbers import confidence_words
from alliancekit.reporting.apa.results import result_table
from alliancekit.reporting.kinds import Kind
from alliancekit.reporting.page.blocks import Block, Callout, Figure, Section, Text
from alliancekit.reporting.page.words import directions, parts, sentence
from alliancekit.reporting.plots.results import AXES, forest_picture
from alliancekit.reporting.plots.rows import forest_rows

if TYPE_CHECKING:
    from alliancekit.reporting.analysis import Analysis
    from alliancekit.reporting.choices import Choices

QUESTION = "Is therapists’ language scored higher than patients’?"
OFFSET = (
    "An overall gap is relative to the instrument: it contains any constant difference between the roles that has "
    "nothing to do with alliance, such as the wording of the two forms and the register of the two speakers. "
    "Differences between conditions and changes within the session do not contain it; they are the primary results."
)
PHRASES = {
    "above": "On {}, therapists’ language was scored higher than patients’.",
    "below": "On {}, it was scored lower.",
    "unclear": "On {}, no difference is shown.",
    "unknown": "On {}, nothing can be said: there is no interval.",
}
BELOW_ALONE = "On {}, therapists’ language was scored lower than patients’."
AT_ALL = "No session has scored turns of both roles, so there is no gap."


def section(analysis: Analysis, choices: Choices) -> Section:
    """Show the overall gap, in three forms where the scores hold them."""
    blocks: list[Block] = [Callout(OFFSET)]
    if analysis.coverage.both_roles:
        blocks.append(_figure(analysis, choices))
    if "forms" in analysis.absent:
        blocks.append(Text(analysis.absent["forms"]))
    return Section("higher", QUESTION, _answer(analysis, choices), blocks)


def _answer(analysis: Analysis, choices: Choices) -> str:
    if not analysis.coverage.both_roles:
        return AT_ALL
    found = directions(parts(analysis.own), "gap", alpha=1 - choices.confidence)
    below = PHRASES["below"] if found["above"] else BELOW_ALONE
    return sentence(found, {**PHRASES, "below": below})


def _figure(analysis: Analysis, choices: Choices) -> Figure:
    confidence = confidence_words(choices.confidence)
    forms = "form" in analysis.overall.columns
    title = "Gap between therapist and patient, all sessions" + (", in three forms" if forms else "")
    picture = forest_picture(
        forest_rows(analysis.overall, Kind.GAP), name="gap", title=title, axis=f"{AXES[Kind.GAP]}, {confidence}"
    )
    table = result_table(analysis.overall, confidence=choices.confidence, title=title)
    return Figure(
        f"{title}. Points: means over sessions; lines: {confidence}; open points: no interval.", table, [picture]
    )
