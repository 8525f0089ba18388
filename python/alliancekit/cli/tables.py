"""Tables on the terminal: plain, at most 80 columns wide where they fit, and meaning nothing by colour."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from alliancekit.labels import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

PIPED_WIDTH = 200
"""Columns of a table that no terminal limits."""


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0) -> None:
    """Print a table on stdout; the last `numbers` columns are aligned to the right."""
    table = Table(box=box.SIMPLE, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    first_number = len(header) - numbers
    for position, name in enumerate(header):
        # Text, since rich would take brackets in a plain string for markup.
        table.add_column(Text(name), justify="right" if position >= first_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    width = None if sys.stdout.isatty() else PIPED_WIDTH
    Console(file=sys.stdout, width=width, highlight=False).print(table)


def figure(value: float | None, *, digits: int = 4) -> str:
    """Give a number with `digits` decimals; ``-`` where there is none.

    >>> figure(0.12345), figure(None), figure(float("nan"))
    ('0.1235', '-', '-')

    """
    return "-" if value is None or value != value else f"{value:.{digits}f}"  # noqa: PLR0124 - NaN alone differs from itself


def p_value(value: float | None) -> str:
    """Give a p-value with three decimals, or as below .001.

    >>> p_value(0.0421), p_value(0.00002)
    ('0.042', '<0.001')

    """
    return "<0.001" if value is not None and value < 0.001 else figure(value, digits=3)  # noqa: PLR2004 - the usual bound
