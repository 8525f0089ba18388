"""Text tables: CSV (RFC 4180) and TSV."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.errors import DataError
from alliancekit.readers.formats.blocks import blocks, first_record, in_rows
from alliancekit.readers.formats.delimited_check import ADVICE, SEPARATORS, check, odd_quotes, separator_in
from alliancekit.readers.formats.delimited_types import casts
from alliancekit.readers.presets import mapping_of
from alliancekit.readers.problem import Problem
from alliancekit.readers.protocol import Format, Table
from alliancekit.readers.text_file import text_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.formats.delimited_check import Layout
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.text_file import TextFile


def tables(path: Path, options: ReadOptions, *, separator: str) -> Iterator[Table]:
    """Parse a text table piece by piece (`Format.tables`).

    Ids, roles, texts and conditions are strings; the other columns are of the type that all their values have.
    Blank rows are left out and counted. An empty field is null, ``""`` an empty string.
    """
    text = text_file(path, options)
    usual, separator = separator, options.separator or separator_in(text, separator)
    layout = check(text, separator, options.max_record_bytes)
    problems = (*text.problems, *_problems(layout, path))
    if options.separator is None and separator != usual:
        message = f"The mark between the columns is {SEPARATORS[separator]}, and the file is read so."
        problems = (*problems, Problem(path, None, None, "separator", message))
    seen = 0
    try:
        strings = partial(_strings, text, separator, layout)
        types = casts(strings, layout.header, mapping_of(layout.header, options))
        for untyped in in_rows(strings(layout.header), options.batch_rows):
            frame = untyped.with_columns(types)
            rows = pl.int_range(seen + 1, seen + frame.height + 1, dtype=pl.UInt32, eager=True)
            seen += frame.height
            filled = frame.select(~pl.all_horizontal(pl.all().is_null())).to_series()
            yield Table(frame.filter(filled), rows.filter(filled), problems)
            problems = ()
    except pl.exceptions.PolarsError:
        # Polars quotes the field in its message; a transcript's text must not get into ours.
        raise _badly_quoted(text, separator) from None
    if seen != layout.records:
        raise _badly_quoted(text, separator)


def _strings(text: TextFile, separator: str, layout: Layout, names: list[str]) -> Iterator[pl.DataFrame]:
    # As strings first: inferring the types over the whole file takes Polars longer than all the rest.
    eol = "\n" if text.has_line_feed else "\r"
    header = b""
    with text.open_utf8() as file:
        for block in blocks(file, end=eol.encode(), quoted=True):
            table = pl.scan_csv(
                header + block, separator=separator, eol_char=eol, schema=dict.fromkeys(layout.header, pl.String)
            )
            header = header or first_record(block, end=eol.encode())
            yield table.select(names).collect()


def _badly_quoted(text: TextFile, separator: str) -> DataError:
    row = odd_quotes(text, separator)
    where = f"row {row} has an odd number of quotes" if row else "quotes or line ends are not those of a table"
    return DataError(f"{text.path}: {where}. {ADVICE}")


def _problems(layout: Layout, path: Path) -> Iterator[Problem]:
    if blank := layout.records - layout.filled:
        yield Problem(path, None, None, "blank_row", f"{blank} blank rows were left out.")
    if layout.short:
        message = f"{layout.short} rows, this one first, have fewer fields than the header; the missing ones are empty."
        yield Problem(path, layout.first_short, None, "short_row", message, "warning")


FORMATS: Final = (
    Format("CSV", (".csv",), "comma-separated values, RFC 4180", partial(tables, separator=",")),
    Format("TSV", (".tsv", ".tab"), "tab-separated values", partial(tables, separator="\t")),
)
