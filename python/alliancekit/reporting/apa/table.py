"""A table ready to be written: headings, cells as words with the numbers behind them, notes below."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from alliancekit.labels import printable

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands above a column.

    Attributes:
        text: the words.
        number: whether the column is aligned to the right.
        symbol: whether it is a statistical symbol, which APA sets in italics.

    """

    text: str
    number: bool = False
    symbol: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what is shown, and the number in full precision that it shows, if it is one."""

    text: str
    value: float | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table for people.

    Attributes:
        title: says what the table shows.
        headings: one for each column.
        rows: cells, as many in each row as there are headings. The first cell names the row.
        notes: sentences below the table.
        groups: for each row the label of its group, by which a page filters; None where the row stays.

    """

    title: str
    headings: Sequence[Heading]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()
    groups: Sequence[str | None] = ()


def words(value: object) -> Cell:
    r"""Give a label from data as a cell; what can't be printed is escaped, a missing label is told.

    >>> words("a\u202eb").text, words(None).text, words(["x", "y"]).text
    ('a\\u202eb', 'not stated', 'x, y')

    """
    return Cell(shown(value))


def shown(value: object) -> str:
    """Give a label from data in words, harmless for a terminal and for the direction of text.

    >>> shown(True), shown(3)
    ('yes', '3')

    """
    match value:
        case None:
            return "not stated"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(shown, value))
        case _:
            return printable(str(value))
