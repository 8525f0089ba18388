"""A result as people read it: the columns that there is room for, the notes once each, and what the numbers mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.cells import cell_len

from alliancekit.cli.result_columns import forms_together
from alliancekit.cli.tables import print_lines, print_table, terminal_width
from alliancekit.labels import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from alliancekit.cli.result_columns import Column

BETWEEN: Final = 2
"""Blanks between two columns."""

MOST_ROWS: Final = 40
"""Rows printed of a table that grows with the corpus."""


def print_rows(table: pl.DataFrame, columns: Sequence[Column]) -> list[str]:
    """Print the table, and give the headers of the columns that there was no room for."""
    records = forms_together(table).iter_rows(named=True)
    cells = [[printable(column.cell(record)) for column in columns] for record in records]
    kept = fitting(columns, cells, terminal_width())
    shown = [columns[at] for at in kept]
    print_table(
        [column.header for column in shown],
        [[row[at] for at in kept] for row in cells],
        numbers=sum(column.number for column in shown),
    )
    return [column.header for at, column in enumerate(columns) if at not in kept]


def print_capped(table: pl.DataFrame, columns: Sequence[Column]) -> list[str]:
    """Print the first `MOST_ROWS` rows as `print_rows` does, and say how many more there are and where."""
    left_out = print_rows(table.head(MOST_ROWS), columns)
    more = table.height - MOST_ROWS
    if more > 0:
        print_lines([f"... and {more:,} more rows: write all with -o FILE.csv, or choose some with --scale."])
    return left_out


def fitting(columns: Sequence[Column], cells: Sequence[Sequence[str]], width: int) -> list[int]:
    """Give the positions of the columns that fit, leaving out the sparest first; those of spare 0 stay whatever.

    >>> from alliancekit.cli.result_columns import Column
    >>> gap, effect = Column("gap", str), Column("effect", str, spare=1)
    >>> fitting([gap, effect], [["0.1", "0.5"]], 10)
    [0]

    """
    headers = [column.header for column in columns]
    widths = [max(map(cell_len, words)) for words in zip(headers, *cells, strict=True)]
    kept = list(range(len(columns)))
    while sum(widths[at] for at in kept) + BETWEEN * (len(kept) - 1) > width:
        sparest = max(columns[at].spare for at in kept)
        if sparest == 0:
            break
        kept = [at for at in kept if columns[at].spare < sparest]
    return kept


def print_below(left_out: Sequence[str], notes: Sequence[str], footer: Sequence[str]) -> None:
    """Print what stands below a table: what was left out, the notes, what the numbers mean."""
    names = list(dict.fromkeys(left_out))
    room = [f"no room here for: {', '.join(names)} (a wider terminal, -o or --json)"] if names else []
    print_lines([*room, *notes, *footer])
