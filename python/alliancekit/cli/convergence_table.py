"""Closing rates and their verdicts as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.cli import result_columns as of
from alliancekit.cli.result_table import print_below, print_rows
from alliancekit.cli.tables import print_lines
from alliancekit.notes import notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

FOOTER: Final = (
    "closing = closing rate, the change of the gap over a whole session towards zero: positive where the two sides "
    "come closer. n = sessions.\n"
    "A constant offset between the roles' wording does not move it. Verdicts rest on p (Holm). no convergence: shown "
    "to be smaller than the margin; no evidence: nothing is shown, or no gap is there that could close."
)
COUPLING_FOOTER: Final = (
    "coupling = correlation of a patient's turn with the therapist's answer, both without their trend; p against "
    "mismatched pairs. Two sides may move together and never come closer."
)


def print_convergence(table: pl.DataFrame, groups: Sequence[str], *, confidence: float = 0.95) -> None:
    """Print closing rates, coupling where it was asked for, the notes, and what the numbers mean."""
    labels = [*[of.label(name) for name in groups], of.label(schema.SCALE), *of.form_columns(table)[:1]]
    ci = of.confidence_header(confidence)
    left_out = print_rows(table, [*labels, *_closing(table, ci)])
    footer = [*FOOTER.splitlines(), *of.form_footer(table)]
    if table["coupling"].null_count() < table.height:
        print_lines(["", "coupling"])
        left_out += print_rows(table, [*labels, *_coupling(ci)])
        footer.append(COUPLING_FOOTER)
    print_lines([""])
    print_below(left_out, notes(table, of.groups_and_form(table, groups)), footer)


def _closing(table: pl.DataFrame, ci: str) -> list[of.Column]:
    digits = of.decimals(table, ["closing_rate", "ci_low", "ci_high"])
    return [
        *of.form_columns(table)[1:],
        of.label("verdict"),
        of.score("closing_rate", "closing", digits=digits),
        of.interval("ci_low", "ci_high", ci, digits=digits),
        of.probability("p_value", "p", spare=1),
        of.probability("p_adjusted", "p (Holm)"),
        of.score("gap_start", "gap at start", spare=2, digits=digits),
        of.score("gap_end", "gap at end", spare=2, digits=digits),
        of.count("n_sessions"),
    ]


def _coupling(ci: str) -> list[of.Column]:
    return [
        of.score("coupling", "coupling", digits=2),
        of.interval("coupling_low", "coupling_high", ci, digits=2),
        of.score("coupling_mismatched", "mismatched", digits=2, spare=2),
        of.probability("coupling_p_value", "p", spare=1),
        of.probability("coupling_p_adjusted", "p (Holm)"),
        of.count("n_coupled"),
    ]
