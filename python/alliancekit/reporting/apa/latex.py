"""A table as LaTeX, with the rules of the booktabs package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.reporting.apa.table import Table

SPECIAL: Final = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "#": r"\#",
        "^": r"\textasciicircum{}",
        "_": r"\_",
        "~": r"\textasciitilde{}",
        "%": r"\%",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        '"': r"\textquotedbl{}",
        "[": "{[}",
        "]": "{]}",
        "\N{MINUS SIGN}": "$-$",
        "\N{EN DASH}": "--",
    }
)
"""Brackets in braces: after a row's end, LaTeX would take one for the height of the row."""


def table_latex(table: Table) -> str:
    r"""Give the table in LaTeX, everything from data escaped. It needs booktabs, and T1 or a Unicode engine.

    >>> from alliancekit.reporting.apa.table import Cell, Heading, Table
    >>> print(table_latex(Table("A_b", [Heading("p", number=True, symbol=True)], [[Cell("< .001")]])))
    % needs \usepackage{booktabs} and \usepackage[T1]{fontenc}
    \begin{table}
    \caption{A\_b}
    \begin{tabular}{r}
    \toprule
    \textit{p} \\
    \midrule
    \textless{} .001 \\
    \bottomrule
    \end{tabular}
    \end{table}
    <BLANKLINE>

    """
    heads = [rf"\textit{{{escaped(one.text)}}}" if one.symbol else escaped(one.text) for one in table.headings]
    columns = "".join("r" if one.number else "l" for one in table.headings)
    notes = ["", rf"\par\small\textit{{Note.}} {escaped(' '.join(table.notes))}"] if table.notes else []
    lines = [
        r"% needs \usepackage{booktabs} and \usepackage[T1]{fontenc}",
        r"\begin{table}",
        rf"\caption{{{escaped(table.title)}}}",
        rf"\begin{{tabular}}{{{columns}}}",
        r"\toprule",
        _row(heads),
        r"\midrule",
        *(_row([escaped(cell.text) for cell in row]) for row in table.rows),
        r"\bottomrule",
        r"\end{tabular}",
        *notes,
        r"\end{table}",
        "",
    ]
    return "\n".join(lines)


def escaped(text: str) -> str:
    r"""Escape what LaTeX would take for an order.

    >>> print(escaped(r"\input{x} 5%"))
    \textbackslash{}input\{x\} 5\%

    """
    return text.translate(SPECIAL)


def _row(cells: Sequence[str]) -> str:
    return rf"{' & '.join(cells)} \\"
