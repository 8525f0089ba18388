"""Text tables: CSV (RFC 4180) and TSV, in UTF-8 with or without a byte order mark."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.readers.delimited_check import ADVICE, check, odd_quotes
from alliancekit.readers.protocol import Format, Problem, Table

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.delimited_check import Layout
    from alliancekit.readers.protocol import ReadOptions

AS_TEXT: Final = (
    schema.SESSION_ID,
    schema.ROLE,
    schema.TEXT,
    schema.CONDITION,
    schema.PATIENT_ID,
    schema.THERAPIST_ID,
)
"""Columns never taken for numbers: an id is a name, so that ``007`` stays ``007``."""
ID_NAME: Final = re.compile(r"(^|[^a-z])id$|[a-z]Id$|[a-zA-Z]ID$", re.IGNORECASE)


def tables(path: Path, options: ReadOptions, *, separator: str) -> Iterator[Table]:
    """Parse a text table piece by piece (`Format.tables`).

    Ids, roles, texts and conditions are strings; the other columns are of the type that all their values have.
    Blank rows are left out and counted. An empty field is null, ``""`` an empty string.
    """
    separator = options.separator or separator
    layout = check(path, separator)
    problems = _problems(layout, path)
    seen = 0
    try:
        for frame in _scan(path, separator, layout, options).collect_batches(chunk_size=options.batch_rows):
            rows = pl.int_range(seen + 1, seen + frame.height + 1, dtype=pl.UInt32, eager=True)
            seen += frame.height
            filled = frame.select(~pl.all_horizontal(pl.all().is_null())).to_series()
            yield Table(frame.filter(filled), rows.filter(filled), problems)
            problems = ()
    except pl.exceptions.PolarsError:
        # Polars quotes the field in its message; a transcript's text must not get into ours.
        raise _badly_quoted(path, separator) from None
    if seen != layout.records:
        raise _badly_quoted(path, separator)


def _scan(path: Path, separator: str, layout: Layout, options: ReadOptions) -> pl.LazyFrame:
    return pl.scan_csv(
        path,
        separator=separator,
        eol_char=layout.line_end,
        schema_overrides=dict.fromkeys(text_columns(layout.header, options), pl.String),
        infer_schema_length=None,
        glob=False,
    )


def text_columns(header: list[str], options: ReadOptions) -> list[str]:
    """Name the columns that are read as strings whatever they hold.

    >>> from alliancekit.readers.protocol import ReadOptions
    >>> text_columns(["talk_id", "line_id", "rater_id", "score"], ReadOptions(columns={"turn_index": "line_id"}))
    ['talk_id', 'rater_id']
    """
    named = {options.columns.get(canonical, canonical) for canonical in AS_TEXT}
    numbers = {options.columns.get(canonical, canonical) for canonical in (schema.TURN_INDEX, schema.SESSION_NUMBER)}
    return [name for name in header if name in named or (ID_NAME.search(name) and name not in numbers)]


def _badly_quoted(path: Path, separator: str) -> DataError:
    row = odd_quotes(path, separator)
    where = f"row {row} has an odd number of quotes" if row else "quotes or line ends are not those of a table"
    return DataError(f"{path}: {where}. {ADVICE}")


def _problems(layout: Layout, path: Path) -> tuple[Problem, ...]:
    found = []
    if blank := layout.records - layout.filled:
        found.append(Problem(path, None, None, "blank_row", f"{blank} blank rows were left out."))
    if layout.short:
        found.append(
            Problem(
                path,
                layout.first_short,
                None,
                "short_row",
                f"{layout.short} rows, this one first, have fewer fields than the header; the missing ones are empty.",
                "warning",
            )
        )
    return tuple(found)


FORMATS: Final = (
    Format("CSV", (".csv",), "comma-separated values, RFC 4180", partial(tables, separator=",")),
    Format("TSV", (".tsv", ".tab"), "tab-separated values", partial(tables, separator="\t")),
)
