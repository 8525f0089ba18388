"""The contrasts between conditions as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.cli import result_columns as of
from alliancekit.cli.result_table import print_below, print_rows
from alliancekit.cli.tables import print_lines
from alliancekit.notes import notes

if TYPE_CHECKING:
    from collections.abc import Iterator

    import polars as pl

FOOTER: Final = (
    "difference = target - reference, n = sessions of each. gap (therapist - patient): positive where the therapist's "
    "side is further above the patient's in the target.\n"
    "misalignment: positive where the two sides are further apart in the target, whatever the direction. "
    "closing_rate: positive where the gap closes faster. A constant offset between the roles' wording cancels in "
    "differences of gaps and of closing rates."
)


def print_compare(table: pl.DataFrame, *, confidence: float = 0.95) -> None:
    """Print a table a measure, the notes, and what a difference is."""
    left_out: list[str] = []
    for title, part in _sections(table):
        print_lines([title])
        left_out += print_rows(part, _columns(part, confidence))
        print_lines([""])
    about = of.groups_and_form(table, ["measure", "reference"])
    print_below(left_out, notes(table, about), [*FOOTER.splitlines(), *of.form_footer(table)])


def _sections(table: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    for (measure, target), part in table.group_by("measure", "target", maintain_order=True):
        yield f"{measure} of {target} against", part


def _columns(table: pl.DataFrame, confidence: float) -> list[of.Column]:
    digits = of.decimals(table, ["difference", "ci_low", "ci_high"])
    return [
        of.label("reference"),
        of.label(schema.SCALE),
        *of.form_columns(table),
        of.score("difference", "difference", digits=digits),
        of.interval("ci_low", "ci_high", of.confidence_header(confidence), digits=digits),
        of.probability("p_value", "p", spare=1),
        of.probability("p_adjusted", "p (Holm)"),
        of.score("effect_size", "effect", spare=2, digits=2),
        of.Column("n", _sizes),
    ]


def _sizes(record: of.Record) -> str:
    return f"{of.word(record['n_target'])}:{of.word(record['n_reference'])}"
