"""Which sessions to look at?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliancekit import schema
from alliancekit.labels import counted
from alliancekit.reporting.apa.results import result_table
from alliancekit.reporting.apa.table import shown
from alliancekit.reporting.kinds import Kind
from alliancekit.reporting.listing import quotations, ranking_scale, worth_a_look
from alliancekit.reporting.page.blocks import Block, Callout, Figure, Quotation, Quotations, Section, Text
from alliancekit.reporting.plots.results import AXES, forest_picture
from alliancekit.reporting.plots.rows import forest_rows
from alliancekit.stats import arguments

if TYPE_CHECKING:
    import polars as pl

    from alliancekit.reporting.analysis import Analysis
    from alliancekit.reporting.choices import Choices

QUESTION = "Which sessions to look at?"
WARNING = (
    "This is not a risk ranking. It lists sessions whose transcripts may be worth reading, because the two sides’ "
    "language differs most. It says nothing about any person’s state, risk or skill. Where intervals overlap, "
    "there is no order."
)
SHRINKING = (
    "A short session’s own gap is mostly noise. Gaps are therefore shrunken towards the mean of all sessions as "
    "far as they are noise, and sessions with fewer than {} scored turns of either role are left out."
)
NONE = "None can be named: that needs 3 sessions with a standard error, and {} turns of each role."
SUPPRESSED = "Sessions are not listed: each is a cell of one, and small cells are suppressed."
INTERVAL = "95% interval"


def section(analysis: Analysis, choices: Choices, turns: pl.DataFrame | pl.LazyFrame) -> Section:
    """List sessions by id, with shrunken gaps and their intervals."""
    if choices.suppress_small_cells:
        return Section("look", QUESTION, SUPPRESSED)
    scale = ranking_scale(analysis.scales)
    rows = worth_a_look(analysis.sessions, scale, minimum_turns=choices.minimum_turns, most=choices.most_sessions)
    if rows.is_empty():
        return Section("look", QUESTION, NONE.format(choices.minimum_turns), [Callout(WARNING)])
    blocks: list[Block] = [Callout(WARNING), Text(SHRINKING.format(choices.minimum_turns)), _figure(rows, scale)]
    if choices.quotes:
        blocks.append(_quotes(turns, rows, scale))
    answer = f"{counted(rows.height, 'session')} with the largest gaps on {shown(scale)}, in either direction."
    return Section("look", QUESTION, answer, blocks)


def _figure(rows: pl.DataFrame, scale: str) -> Figure:
    title = f"Shrunken gaps of sessions, {shown(scale)}"
    picture = forest_picture(
        forest_rows(rows, Kind.SESSIONS, scale_tells=False),
        name="sessions",
        title=title,
        axis=f"{AXES[Kind.SESSIONS]}, {INTERVAL}",
    )
    in_order_of_ids = rows.sort(schema.SESSION_ID)
    table = result_table(in_order_of_ids, title=title)
    return Figure(f"{title}; not a risk ranking. The table is in order of the ids.", table, [picture])


def _quotes(turns: pl.DataFrame | pl.LazyFrame, rows: pl.DataFrame, scale: str) -> Quotations:
    found = quotations(arguments.lazy(turns), rows[schema.SESSION_ID].to_list(), scale)
    return Quotations([Quotation(shown(session), role, index, text) for session, role, index, text in found])
