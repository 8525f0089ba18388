"""JSON lines: one turn a line, each a JSON object, in UTF-8."""

from __future__ import annotations

import codecs
import io
import json
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError
from alliancekit.labels import quoted
from alliancekit.readers.protocol import Format, Table
from alliancekit.readers.text_file import head, not_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.protocol import ReadOptions

GLOB_MARKS: Final = frozenset("*?[")


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


DECODER: Final = json.JSONDecoder(parse_constant=_refuse_constant)
"""Made once, since `json.loads` with an argument makes one a line; NaN and Infinity are no JSON."""


def tables(path: Path, options: ReadOptions) -> Iterator[Table]:
    """Parse JSON lines piece by piece (`Format.tables`); blank lines are skipped, a key that a line lacks is null."""
    text_name = options.columns.get(schema.TEXT, schema.TEXT)
    records = _check(path, text_name)
    seen = 0
    try:
        for frame in _scan(path).collect_batches(chunk_size=options.batch_rows):
            rows = pl.int_range(seen + 1, seen + frame.height + 1, dtype=pl.UInt32, eager=True)
            seen += frame.height
            yield Table(frame, rows)
    except pl.exceptions.PolarsError:
        # Polars may quote a value in its message; a transcript's text must not get into ours.
        raise ColumnError(
            f"{path}: the values of a column are of kinds that do not fit one column (an object here, a number there), "
            "or a number is too large. Give each key one kind of value."
        ) from None
    if seen != records:
        raise DataError(f"{path}: {records} records are there, and {seen} could be parsed.")


def _check(path: Path, text_name: str) -> int:
    """Read each line with the standard library and give the number of records.

    Polars turns half a surrogate pair into a NUL and a nested text into its JSON, and names no line in an error.
    """
    start = head(path)
    records = 0
    with path.open("rb") as file:
        file.seek(len(codecs.BOM_UTF8) if start.startswith(codecs.BOM_UTF8) else 0)
        for number, line in enumerate(file, start=1):
            if not line.isspace():
                _check_record(_parsed(line, number, path), line, number, path, text_name)
                records += 1
    return records


def _parsed(line: bytes, number: int, path: Path) -> object:
    try:
        return DECODER.decode(line.decode())
    except UnicodeDecodeError:
        raise not_utf8(path) from None
    except RecursionError:
        raise DataError(f"{path}: line {number} is nested too deeply.") from None
    except ValueError as error:
        reason = (
            f": {error.msg.removesuffix(' at')} at column {error.colno}"
            if isinstance(error, json.JSONDecodeError)
            else ""
        )
        raise DataError(
            f"{path}: line {number} is not valid JSON{reason}. Each line holds one whole JSON object; "
            "mend the line or leave it out."
        ) from None


def _check_record(record: object, line: bytes, number: int, path: Path, text_name: str) -> None:
    if not isinstance(record, dict):
        raise DataError(f"{path}: line {number} holds a JSON {_kind(record)}; each line holds one object, a turn.")
    text = record.get(text_name)
    if isinstance(text, (dict, list)):
        raise ColumnError(f"{path}: line {number}: {quoted(text_name)} holds a JSON {_kind(text)}, not a string.")
    if b"\\u" in line and _has_half_pair(record):
        raise DataError(
            f"{path}: line {number} has half of a surrogate pair (\\ud8xx without \\udcxx): a character was cut in "
            "two. Mend the line or leave it out."
        )


def _kind(value: object) -> str:
    kinds = {dict: "object", list: "array", str: "string", bool: "boolean", int: "number", float: "number"}
    return kinds.get(type(value), "null")


def _has_half_pair(record: object) -> bool:
    try:
        json.dumps(record, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


def _scan(path: Path) -> pl.LazyFrame:
    start = head(path)
    if start.startswith(codecs.BOM_UTF8):
        return pl.scan_ndjson(io.BytesIO(path.read_bytes()[len(codecs.BOM_UTF8) :]), infer_schema_length=None)
    if GLOB_MARKS & set(str(path)):
        # scan_ndjson takes a name with these marks for a pattern, and would read other files.
        return pl.scan_ndjson(io.BytesIO(path.read_bytes()), infer_schema_length=None)
    return pl.scan_ndjson(path, infer_schema_length=None)


FORMATS: Final = (Format("JSON lines", (".jsonl", ".ndjson"), "one JSON object a line, a turn each", tables),)
