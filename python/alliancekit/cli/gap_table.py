"""The table of gaps as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.cli import result_columns as of
from alliancekit.cli.result_table import print_below, print_rows
from alliancekit.notes import notes

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

FOOTER: Final = (
    "gap = therapist - patient, positive where the therapist's side is scored higher; effect = gap / SD of session "
    "gaps; n = sessions.\n"
    "Scores of language, not ratings. An overall gap is relative to the instrument, since it contains any offset "
    "between the roles' wording; contrasts (alliance compare) and slopes (alliance convergence) do not, and are the "
    "primary results."
)


def print_gap(table: pl.DataFrame, groups: Sequence[str], *, confidence: float = 0.95) -> None:
    """Print the table, its notes, and what a gap is."""
    digits = of.decimals(table, ["gap", "ci_low", "ci_high"])
    columns = [
        *[of.label(name) for name in groups],
        of.label(schema.SCALE),
        *of.form_columns(table),
        of.score("patient_mean", "patient", spare=3, digits=digits),
        of.score("therapist_mean", "therapist", spare=3, digits=digits),
        of.score("gap", "gap", digits=digits),
        of.interval("ci_low", "ci_high", of.confidence_header(confidence), digits=digits),
        of.probability("p_value", "p", spare=1),
        of.probability("p_adjusted", "p (Holm)"),
        of.score("effect_size", "effect", spare=2, digits=2),
        of.score("misalignment", "misalignment", spare=4, digits=digits),
        of.count("n_sessions"),
    ]
    left_out = print_rows(table, columns)
    print_below(
        left_out, notes(table, of.groups_and_form(table, groups)), [*FOOTER.splitlines(), *of.form_footer(table)]
    )
