"""The columns that a result can be printed with."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import polars as pl

from alliancekit.cli.tables import figure, p_value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Record: TypeAlias = dict[str, Any]

FORM: Final = "form"
FORM_FOOTER: Final = (
    "form = whose wording both roles are compared with (own: each speaker's). robust: all three agree in sign with "
    "intervals off zero. A sensitivity analysis: in the other's wording the same sentence is another perspective."
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the printed table.

    Attributes:
        header: what stands above it.
        cell: its text for a row of the result.
        number: whether it is aligned to the right; these come after the others.
        spare: 0 where it always stays; otherwise, the higher, the sooner it gives way on a narrow terminal.

    """

    header: str
    cell: Callable[[Record], str]
    number: bool = True
    spare: int = 0


def label(name: str, header: str | None = None, *, spare: int = 0) -> Column:
    """Give a column of words."""
    return Column(header or name, lambda record: word(record[name]), number=False, spare=spare)


def score(name: str, header: str, *, spare: int = 0, digits: int = 4) -> Column:
    """Give a column of scores or effects."""
    return Column(header, lambda record: figure(record[name], digits=digits), spare=spare)


def interval(low: str, high: str, header: str, *, spare: int = 0, digits: int = 4) -> Column:
    """Give a column of intervals."""
    return Column(header, lambda record: bounds(record[low], record[high], digits=digits), spare=spare)


def probability(name: str, header: str, *, spare: int = 0) -> Column:
    """Give a column of p-values."""
    return Column(header, lambda record: p_value(record[name]), spare=spare)


def count(name: str, header: str = "n", *, spare: int = 0) -> Column:
    """Give a column of whole numbers."""
    return Column(header, lambda record: word(record[name]), spare=spare)


def decimals(table: pl.DataFrame, names: Sequence[str]) -> int:
    """Give the decimals that show three figures of the largest of these numbers, 4 to 8.

    >>> decimals(pl.DataFrame({"difference": [0.000123, None], "ci_low": [-0.00002, float("nan")]}), ["difference"])
    6

    """
    sizes = [value for name in names for value in table[name].abs().drop_nulls().drop_nans() if 0 < value < math.inf]
    return min(8, max(4, 2 - math.floor(math.log10(max(sizes))))) if sizes else 4


def bounds(low: float | None, high: float | None, *, digits: int = 4) -> str:
    """Give an interval; ``-`` where there is none.

    >>> bounds(-0.01, 0.4), bounds(None, None)
    ('[-0.0100, 0.4000]', '-')

    """
    ends = figure(low, digits=digits), figure(high, digits=digits)
    return "-" if ends == ("-", "-") else f"[{ends[0]}, {ends[1]}]"


def confidence_header(confidence: float) -> str:
    """Say what an interval is.

    >>> confidence_header(0.95)
    '95 % CI'

    """
    return f"{100 * confidence:g} % CI"


def word(value: object) -> str:
    """Give a label, a count or yes and no as text; ``-`` where there is none.

    >>> word(None), word(True), word(["anxiety", "depression"])
    ('-', 'yes', 'anxiety, depression')

    """
    match value:
        case None:
            return "-"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(str, value))
        case _:
            return str(value)


def form_columns(table: pl.DataFrame) -> list[Column]:
    """Give the columns of a result in several forms; none where there is one form."""
    return [label("form"), label("robust")] if FORM in table.columns else []


def forms_together(table: pl.DataFrame) -> pl.DataFrame:
    """Put the rows of one group and scale in the several forms next to each other."""
    if FORM not in table.columns:
        return table
    position = pl.int_range(pl.len()).over(FORM)
    return table.sort(position, maintain_order=True)


def groups_and_form(table: pl.DataFrame, groups: Sequence[str]) -> list[str]:
    """Give the columns that say what a note is about."""
    return [*groups, FORM] if FORM in table.columns else list(groups)


def form_footer(table: pl.DataFrame) -> list[str]:
    """Say what the forms are, where there are several."""
    return [FORM_FOOTER] if FORM in table.columns else []
