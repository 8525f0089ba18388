"""A table as HTML: for the page by its classes, for Word by styles of its own."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from alliancekit.reporting.apa.table import Cell, Heading, Table

FONT: Final = "font-family:'Times New Roman',serif;font-size:11pt"
"""Word takes over the styles of what is pasted; APA tables have rules above and below, and none between rows."""

INLINE: Final = {
    "table": f' style="border-collapse:collapse;{FONT};border-bottom:1pt solid black"',
    "caption": f' style="text-align:left;{FONT};font-style:italic;padding-bottom:4pt"',
    "th": ' style="border-top:1pt solid black;border-bottom:1pt solid black;padding:2pt 8pt;font-weight:normal"',
    "td": ' style="padding:1pt 8pt"',
    "p": f' style="{FONT}"',
}


def table_html(table: Table, *, marks: Mapping[str, str] | None = None, inline: bool = False) -> str:
    """Give the table as an HTML fragment, everything in it escaped.

    Args:
        table: what to write.
        marks: for each group of rows what its `data-condition` is to be.
        inline: with the styles in the elements, for a document that is pasted into Word.

    >>> from alliancekit.reporting.apa.table import Cell, Heading, Table
    >>> print(table_html(Table("<T>", [Heading("p", number=True, symbol=True)], [[Cell(".04", 0.0401)]])))
    <table class="apa"><caption>&lt;T&gt;</caption><thead><tr><th scope="col" class="number"><i>p</i></th></tr></thead>
    <tbody><tr><td class="number"><data value="0.0401">.04</data></td></tr></tbody></table>

    """
    style = INLINE if inline else dict.fromkeys(INLINE, "")
    head = "".join(_heading(heading, style["th"]) for heading in table.headings)
    rows = "\n".join(_rows(table, marks or {}, style["td"]))
    return (
        f'<table class="apa"{style["table"]}><caption{style["caption"]}>{escape(table.title)}</caption>'
        f"<thead><tr>{head}</tr></thead>\n<tbody>{rows}</tbody></table>{_notes(table, style['p'])}"
    )


def document(table: Table) -> str:
    """Give a whole HTML document with the table, to open in Word or paste into it."""
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(table.title)}</title></head><body>\n{table_html(table, inline=True)}\n</body></html>\n"
    )


def _heading(heading: Heading, style: str) -> str:
    text = f"<i>{escape(heading.text)}</i>" if heading.symbol else escape(heading.text)
    return f'<th scope="col"{_class(number=heading.number)}{style}>{text}</th>'


def _rows(table: Table, marks: Mapping[str, str], style: str) -> Iterator[str]:
    groups = table.groups or [None] * len(table.rows)
    for row, group in zip(table.rows, groups, strict=True):
        mark = f' data-condition="{escape(marks[group])}"' if group is not None and group in marks else ""
        cells = "".join(_cell(cell, heading, style) for cell, heading in zip(row, table.headings, strict=True))
        yield f"<tr{mark}>{cells}</tr>"


def _cell(cell: Cell, heading: Heading, style: str) -> str:
    text = escape(cell.text) if heading.number else f"<bdi>{escape(cell.text)}</bdi>"
    if cell.value is not None:
        text = f'<data value="{cell.value!r}">{text}</data>'
    align = style and style[:-1] + (';text-align:right"' if heading.number else ';text-align:left"')
    return f"<td{_class(number=heading.number)}{align}>{text}</td>"


def _class(*, number: bool) -> str:
    return ' class="number"' if number else ""


def _notes(table: Table, style: str) -> str:
    if not table.notes:
        return ""
    return f'<p class="note"{style}><i>Note.</i> {escape(" ".join(table.notes))}</p>'
