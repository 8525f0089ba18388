"""A table as Markdown, with pipes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.reporting.apa.table import Table

SPECIAL: Final = re.compile(r"([\\`*_<>|$~&]|(?<=\])\()")
"""An opening parenthesis only behind a bracket, where it would make a link."""


def table_markdown(table: Table) -> str:
    r"""Give the table in Markdown, everything from data escaped.

    >>> from alliancekit.reporting.apa.table import Cell, Heading, Table
    >>> print(table_markdown(Table("T", [Heading("a|b"), Heading("p", number=True, symbol=True)], [])))
    **T**
    <BLANKLINE>
    | a\|b | *p* |
    |:---|---:|
    <BLANKLINE>

    """
    heads = [f"*{escaped(one.text)}*" if one.symbol else escaped(one.text) for one in table.headings]
    rule = "|".join("---:" if one.number else ":---" for one in table.headings)
    lines = [f"**{escaped(table.title)}**", "", _row(heads), f"|{rule}|"]
    lines += [_row([escaped(cell.text) for cell in row]) for row in table.rows]
    notes = [f"*Note.* {escaped(' '.join(table.notes))}"] if table.notes else []
    return "\n".join([*lines, "", *notes, *([""] if notes else [])])


def escaped(text: str) -> str:
    """Escape what Markdown would take for its own, or for HTML."""
    return SPECIAL.sub(r"\\\1", text)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
