"""JSON lines: one turn a line, each a JSON object."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError
from alliancekit.labels import quoted
from alliancekit.readers.head import read_head
from alliancekit.readers.json_file import json_lines
from alliancekit.readers.json_values import kind_of
from alliancekit.readers.presets import mapping_of
from alliancekit.readers.protocol import Format, Table
from alliancekit.readers.text_file import text_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.text_file import TextFile

GLOB_MARKS: Final = frozenset("*?[")


def tables(path: Path, options: ReadOptions) -> Iterator[Table]:
    """Parse JSON lines piece by piece (`Format.tables`); blank lines are skipped, a key that a line lacks is null."""
    text = text_file(path, options)
    records = _check(text, options)
    problems = text.problems
    seen = 0
    try:
        for frame in _scan(text).collect_batches(chunk_size=options.batch_rows):
            rows = pl.int_range(seen + 1, seen + frame.height + 1, dtype=pl.UInt32, eager=True)
            seen += frame.height
            yield Table(frame, rows, problems)
            problems = ()
    except pl.exceptions.PolarsError:
        # Polars may quote a value in its message; a transcript's text must not get into ours.
        raise ColumnError(
            f"{path}: the values of a column are of kinds that do not fit one column (an object here, a number there), "
            "or a number is too large. Give each key one kind of value."
        ) from None
    if seen != records:
        raise DataError(f"{path}: {records} records are there, and {seen} could be parsed.")


def _check(text: TextFile, options: ReadOptions) -> int:
    """Read each line with the standard library and give the number of records.

    Polars turns half a surrogate pair into a NUL and a nested text into its JSON, and names no line in an error.
    """
    text_name = options.columns.get(schema.TEXT, schema.TEXT)
    records = 0
    for number, record in json_lines(text, options):
        if records == 0 and isinstance(record, dict):
            text_name = mapping_of(list(record), options).get(schema.TEXT, schema.TEXT)
        _check_record(record, number, text.path, text_name)
        records += 1
    return records


def _check_record(record: object, number: int, path: Path, text_name: str) -> None:
    if not isinstance(record, dict):
        raise DataError(f"{path}: line {number} holds a JSON {kind_of(record)}; each line holds one object, a turn.")
    said = record.get(text_name)
    if isinstance(said, (dict, list)):
        raise ColumnError(f"{path}: line {number}: {quoted(text_name)} holds a JSON {kind_of(said)}, not a string.")


def _scan(text: TextFile) -> pl.LazyFrame:
    source = text.in_utf8()
    if not isinstance(source, io.BytesIO):
        marked = read_head(text.path).data.startswith(codecs.BOM_UTF8)
        if marked or GLOB_MARKS & set(str(text.path)):
            # scan_ndjson reads no byte order mark, and takes a name with these marks for a pattern of other files.
            source = io.BytesIO(text.path.read_bytes().removeprefix(codecs.BOM_UTF8))
    return pl.scan_ndjson(source, infer_schema_length=None)


FORMATS: Final = (Format("JSON lines", (".jsonl", ".ndjson"), "one JSON object a line, a turn each", tables),)
