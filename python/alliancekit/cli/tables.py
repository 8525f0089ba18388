"""Tables on the terminal: plain, at most 80 columns wide where they fit, and meaning nothing by colour."""

from __future__ import annotations

import math
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

TEXT_WIDTH = 100
"""Columns of a line of prose, at most."""


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, numbers: int = 0) -> None:
    """Print a table on stdout; the last `numbers` columns are aligned to the right."""
    table = Table(box=box.SIMPLE, pad_edge=False, show_edge=False, padding=(0, 1, 0, 0))
    first_number = len(header) - numbers
    for position, name in enumerate(header):
        # Text, since rich would take brackets in a plain string for markup.
        table.add_column(Text(name), justify="right" if position >= first_number else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    _console().print(table)


def print_lines(lines: Sequence[str]) -> None:
    """Print lines on stdout, broken between words where the terminal ends."""
    width = min(terminal_width(), TEXT_WIDTH)
    for line in lines:
        _console().print(Text(printable(line)), width=width)


def terminal_width() -> int:
    """Give the columns that a table has room for."""
    return _console().width


def _console() -> Console:
    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else PIPED_WIDTH, highlight=False)


def figure(value: float | None, *, digits: int = 4) -> str:
    """Give a number with `digits` decimals; ``-`` where there is none, and no sign before a zero.

    >>> figure(0.12345), figure(None), figure(float("nan")), figure(-0.00001)
    ('0.1235', '-', '-', '0.0000')

    """
    return "-" if value is None or math.isnan(value) else f"{value:z.{digits}f}"


def p_value(value: float | None) -> str:
    """Give a p-value with three decimals, or as below .001.

    >>> p_value(0.0421), p_value(0.00002)
    ('0.042', '<0.001')

    """
    return "<0.001" if value is not None and value < 0.001 else figure(value, digits=3)  # noqa: PLR2004 - the usual bound
