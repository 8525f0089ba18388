"""The columns that a result's table can have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from alliancekit.reporting.apa import numbers
from alliancekit.reporting.apa.table import Cell, Heading, words

if TYPE_CHECKING:
    from collections.abc import Callable

Record: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    """A heading, and how its cell is made of a row of the result."""

    heading: Heading
    cell: Callable[[Record], Cell]


def label(name: str, text: str) -> Column:
    """Give a column of labels."""
    return Column(Heading(text), lambda record: words(record[name]))


def known(name: str, text: str) -> Column:
    """Give a column of words of our own; an en dash where there are none."""
    return Column(Heading(text), lambda record: Cell(numbers.MISSING) if record[name] is None else words(record[name]))


def score(name: str, text: str, *, digits: int, symbol: bool = False) -> Column:
    """Give a column of scores, or of other numbers that may exceed 1."""
    return Column(
        Heading(text, number=True, symbol=symbol),
        lambda record: Cell(numbers.number(record[name], digits=digits), record[name]),
    )


def probability(name: str, text: str) -> Column:
    """Give a column of p-values."""
    return Column(
        Heading(text, number=True, symbol=True), lambda record: Cell(numbers.p_value(record[name]), record[name])
    )


def interval(low: str, high: str, text: str, *, digits: int) -> Column:
    """Give a column of intervals."""
    return Column(
        Heading(text, number=True),
        lambda record: Cell(numbers.interval(record[low], record[high], digits=digits)),
    )


def count(name: str, text: str, *, symbol: bool = False) -> Column:
    """Give a column of whole numbers."""
    return Column(
        Heading(text, number=True, symbol=symbol), lambda record: Cell(numbers.count(record[name]), record[name])
    )
