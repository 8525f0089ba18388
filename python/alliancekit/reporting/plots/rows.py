"""The rows of a forest plot from a result: a heading for each scale where a scale has several rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from alliancekit import schema
from alliancekit.reporting.apa.table import shown
from alliancekit.reporting.kinds import Kind, groups_of
from alliancekit.reporting.plots.forest import Row

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

    Record = dict[str, Any]

FORM: Final = "form"
FORMS: Final = {
    "own": ("own wording", "o"),
    "patient": ("patient's wording", "s"),
    "therapist": ("therapist's wording", "D"),
}
SQUARED: Final = ("misalignment",)
"""Measures in squared units, which no axis shares with the others."""


def estimates(kind: Kind) -> tuple[str, str, str]:
    """Name the columns of estimate and interval of a result that a forest plot can show."""
    return {
        Kind.GAP: ("gap", "ci_low", "ci_high"),
        Kind.COMPARE: ("difference", "ci_low", "ci_high"),
        Kind.CONVERGENCE: ("closing_rate", "ci_low", "ci_high"),
        Kind.SESSIONS: ("gap_shrunken", "shrunken_low", "shrunken_high"),
        Kind.EFFECTS: ("estimate", "ci_low", "ci_high"),
    }[kind]


def forest_rows(
    table: pl.DataFrame, kind: Kind, *, columns: tuple[str, str, str] | None = None, scale_tells: bool = True
) -> list[Row]:
    """Give the rows of a result, scale by scale in the order of the table.

    Args:
        table: the result.
        kind: which it is.
        columns: estimate, lower and upper end; those of `estimates` by default.
        scale_tells: whether scales are named: as headings, or as labels where a scale has one row.

    """
    name = _label(table, kind)
    group = _group(table, kind)
    names = columns or estimates(kind)
    scales = list(dict.fromkeys(table[schema.SCALE].to_list()))
    several = table.height > len(scales) or not scale_tells
    rows: list[Row] = []
    for scale in scales:
        mine = list(table.filter(table[schema.SCALE] == scale).iter_rows(named=True))
        rows += [Row(shown(scale), heading=True)] if several and scale_tells else []
        rows += [_row(record, name(record) if several else shown(scale), group(record), names) for record in mine]
    return rows


def _row(record: Record, label: str, group: str | None, names: tuple[str, str, str]) -> Row:
    value, low, high = (record[name] for name in names)
    marker = FORMS[record[FORM]][1] if FORM in record else "o"
    return Row(label, value, low, high, marker=marker, group=group)


def _label(table: pl.DataFrame, kind: Kind) -> Callable[[Record], str]:
    """Give what tells the rows of one scale apart."""
    names = _names(table, kind)
    return lambda record: ", ".join(_word(name, record[name]) for name in names)


def _names(table: pl.DataFrame, kind: Kind) -> Sequence[str]:
    if kind is Kind.COMPARE:
        names = ["reference"] if table["measure"].n_unique() == 1 else ["measure", "reference"]
    elif kind is Kind.SESSIONS:
        names = [schema.SESSION_ID]
    elif kind is Kind.EFFECTS:
        names = ["term"]
    else:
        names = groups_of(table)
    return [*names, FORM] if FORM in table.columns else names


def _word(name: str, value: object) -> str:
    if name == FORM:
        return FORMS[str(value)][0]
    return f"vs {shown(value)}" if name == "reference" else shown(value)


def _group(table: pl.DataFrame, kind: Kind) -> Callable[[Record], str | None]:
    names = ["reference"] if kind is Kind.COMPARE else groups_of(table)
    return lambda record: shown(record[names[0]]) if names else None
