"""A result as the table that a paper would have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from alliancekit import schema
from alliancekit.notes import notes
from alliancekit.reporting.apa import columns as of
from alliancekit.reporting.apa.layouts import COLUMNS
from alliancekit.reporting.apa.numbers import confidence_words, decimals
from alliancekit.reporting.apa.table import Table, shown
from alliancekit.reporting.kinds import Kind, groups_of, kind_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from alliancekit.reporting.apa.columns import Column

MOST_SESSIONS: Final = 50
"""Rows shown of a table that grows with the corpus."""

FORM: Final = "form"
FORM_MEANING: Final = (
    "Form: whose wording both roles are compared with (own: each speaker's); robust: all three agree in sign with "
    "intervals off zero. A sensitivity analysis, not a replication."
)
SPREADS: Final = ("difference", "gap", "closing_rate", "mean", "gap_shrunken", "estimate", "variance")
"""By which of these columns a result has, its decimals are chosen."""


def result_table(table: pl.DataFrame, *, confidence: float = 0.95, title: str | None = None) -> Table:
    """Give a result of alliancekit as a table with APA conventions.

    Args:
        table: Result of `gap`, `compare`, `convergence`, `trajectories` or `sessions`, or a frame of `MixedModel`.
        confidence: Of its intervals, for the heading.
        title: What stands above; a fitting one by default.

    Raises:
        DataError: The table is none of these.

    Example:
        >>> import polars as pl
        >>> row = {"scale": "task", "closing_rate": 0.5, "ci_low": 0.1, "ci_high": 0.9, "p_value": 0.012}
        >>> more = {"p_adjusted": 0.024, "effect_size": 0.4, "verdict": "converging", "n_sessions": 9, "note": None}
        >>> table = result_table(pl.DataFrame([row | more]))
        >>> [cell.text for cell in table.rows[0]]
        ['task', '0.500', '[0.100, 0.900]', '.012', '.024', '0.40', 'converging', '9']

    """
    kind = kind_of(table)
    table = _forms_together(table)
    chosen = _columns(kind, table, confidence)
    shown_rows = table.head(MOST_SESSIONS) if kind is Kind.SESSIONS else table
    return Table(
        title=title or _title(kind, table),
        headings=[column.heading for column in chosen],
        rows=[[column.cell(record) for column in chosen] for record in shown_rows.iter_rows(named=True)],
        notes=[*MEANINGS[kind], *_form_meaning(table), *remarks(kind, table), *_more(kind, table)],
        groups=_groups(kind, shown_rows),
    )


def _columns(kind: Kind, table: pl.DataFrame, confidence: float) -> list[Column]:
    digits = _digits(table)
    varying = [name for name in ("measure", "target") if kind is Kind.COMPARE and table[name].n_unique() > 1]
    labels = [of.label(name, name) for name in groups_of(table)]
    forms = [of.label(FORM, "form"), of.known("robust", "robust")] if FORM in table.columns else []
    mine = COLUMNS[kind](digits, confidence_words(confidence))
    first = 1 if kind in (Kind.GAP, Kind.CONVERGENCE, Kind.TRAJECTORIES) else _first_number(mine)
    return [*[of.label(name, name) for name in varying], *labels, *mine[:first], *forms, *mine[first:]]


def _forms_together(table: pl.DataFrame) -> pl.DataFrame:
    """Put the rows of one group and scale in the several forms next to each other."""
    if FORM not in table.columns:
        return table
    return table.sort(pl.int_range(pl.len()).over(FORM), maintain_order=True)


def _first_number(columns: Sequence[Column]) -> int:
    return next(at for at, column in enumerate(columns) if column.heading.number)


def _title(kind: Kind, table: pl.DataFrame) -> str:
    if kind is not Kind.COMPARE or table.is_empty():
        return TITLES[kind]
    measure = shown(table["measure"][0]) if table["measure"].n_unique() == 1 else "gap, misalignment"
    return f"{measure.capitalize()} of {shown(table['target'][0])} against the other conditions"


def _digits(table: pl.DataFrame) -> int:
    numbers = [name for name in SPREADS if name in table.columns]
    return decimals(value for name in numbers for value in table[name])


def remarks(kind: Kind, table: pl.DataFrame) -> list[str]:
    """Give the remarks of the rows, each once and as a sentence."""
    column = "reason" if kind is Kind.SESSIONS else "note"
    if column not in table.columns:
        return []
    subjects = [*groups_of(table), *[name for name in SUBJECTS[kind] if name in table.columns]]
    return [f"{remark[:1].upper()}{remark[1:]}." for remark in notes(table, subjects, column=column)]


def _form_meaning(table: pl.DataFrame) -> list[str]:
    if FORM not in table.columns:
        return []
    return [FORM_MEANING]


def _more(kind: Kind, table: pl.DataFrame) -> list[str]:
    more = table.height - MOST_SESSIONS
    return [f"{more:,} more rows are not shown."] if kind is Kind.SESSIONS and more > 0 else []


def _groups(kind: Kind, table: pl.DataFrame) -> list[str | None]:
    """Give the label by which each row can be filtered; contrasts are filtered by what the target stands against."""
    names = ["reference"] if kind is Kind.COMPARE else groups_of(table)
    group: Callable[[dict[str, Any]], str | None] = lambda record: shown(record[names[0]]) if names else None  # noqa: E731 - typed
    return [group(record) for record in table.iter_rows(named=True)]


SUBJECTS: Final = {
    Kind.GAP: (FORM,),
    Kind.COMPARE: ("measure", "reference", FORM),
    Kind.CONVERGENCE: (FORM,),
    Kind.TRAJECTORIES: (schema.ROLE,),
    Kind.SESSIONS: (schema.SESSION_ID,),
    Kind.EFFECTS: ("term",),
    Kind.VARIANCES: ("level", "term"),
}
TITLES: Final = {
    Kind.GAP: "Gap between therapist and patient",
    Kind.COMPARE: "Differences between conditions",
    Kind.CONVERGENCE: "Closing of the gap within the session",
    Kind.TRAJECTORIES: "Course within the session",
    Kind.SESSIONS: "Sessions",
    Kind.EFFECTS: "Mixed model: effects",
    Kind.VARIANCES: "Mixed model: variances",
}
MEANINGS: Final[dict[Kind, tuple[str, ...]]] = {
    Kind.GAP: (
        (
            "Gap: therapist minus patient, positive where the therapist's language is scored higher. d: gap over "
            "the SD of session gaps. Misalignment: root of the mean squared gap without the bias of noise; "
            "negative: no more than noise. n: sessions."
        ),
    ),
    Kind.COMPARE: (
        "Difference: target minus reference. d: difference over the root mean variance of the two groups. n: sessions.",
    ),
    Kind.CONVERGENCE: (
        (
            "Closing rate: change of the gap over a whole session towards zero, positive where the two sides come "
            "closer. Verdicts rest on p (Holm). d: closing rate over the pooled SD of session means. n: sessions."
        ),
    ),
    Kind.TRAJECTORIES: ("u: position in the session, 0 to 1. Band: for all points of a curve at once. n: sessions.",),
    Kind.SESSIONS: (
        (
            "In order of the ids, not a ranking. Gaps are shrunken towards the mean of all sessions as far as they "
            "are noise."
        ),
    ),
    Kind.EFFECTS: ("b in units of the score; p not corrected for the number of tests.",),
    Kind.VARIANCES: (),
}
