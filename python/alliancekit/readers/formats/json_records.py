"""A JSON array of turns, each an object, as pandas (``orient="records"``), R's jsonlite and Polars write it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError
from alliancekit.labels import quoted
from alliancekit.readers.formats.json_kinds import Kinds, fitted
from alliancekit.readers.json_file import elements
from alliancekit.readers.json_values import SCAN, SPACE, kind_of, want
from alliancekit.readers.presets import mapping_of
from alliancekit.readers.protocol import Format, Table
from alliancekit.readers.text_file import text_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.text_file import TextFile


def tables(path: Path, options: ReadOptions) -> Iterator[Table]:
    """Parse the array piece by piece (`Format.tables`); a key that an element lacks is null.

    A key whose values are all numbers, or all true or false, is of that type; any other is a string, with the JSON of
    what is none. The file is read twice: for the types, and for the values.
    """
    text = text_file(path, options)
    dtypes = _dtypes(text, options)
    problems = text.problems
    records: list[dict[str, object]] = []
    rows: list[int] = []
    for number, value in elements(text, options):
        records.append(want(value, dict, f"{path}: element {number}"))
        rows.append(number)
        if len(records) == options.batch_rows:
            yield Table(_frame(records, dtypes), pl.Series(rows, dtype=pl.UInt32), problems)
            records, rows, problems = [], [], ()
    if records:
        yield Table(_frame(records, dtypes), pl.Series(rows, dtype=pl.UInt32), problems)


def _dtypes(text: TextFile, options: ReadOptions) -> dict[str, pl.DataType]:
    kinds = Kinds(str(text.path))
    text_name: str | None = None
    for number, value in elements(text, options):
        record = want(value, dict, f"{text.path}: element {number}")
        if text_name is None:
            text_name = mapping_of(list(record), options).get(schema.TEXT, schema.TEXT)
        said = record.get(text_name)
        if isinstance(said, (dict, list)):
            raise ColumnError(
                f"{text.path}: element {number}, {quoted(text_name)} holds a JSON {kind_of(said)}, not a string."
            )
        kinds.see(record.items())
    if not kinds.dtypes():
        raise DataError(f"{text.path}: no turn was found in the file.")
    return kinds.dtypes()


def _frame(records: list[dict[str, object]], dtypes: Mapping[str, pl.DataType]) -> pl.DataFrame:
    return pl.DataFrame(
        {
            name: pl.Series([fitted(record.get(name), dtype) for record in records], dtype=dtype)
            for name, dtype in dtypes.items()
        }
    )


def sniff(head: Head) -> bool:
    """Recognise an array whose first element is an object of plain values, a string among them."""
    if head.opening != "[":
        return False
    start = head.text.index("[") + 1
    start += len(head.text[start:]) - len(head.text[start:].lstrip(SPACE))
    try:
        first, _ = SCAN(head.text, start)
    except (StopIteration, ValueError, RecursionError):
        return False
    if not isinstance(first, dict):
        return False
    plain = [value for value in first.values() if not isinstance(value, (dict, list))]
    return 2 * len(plain) > len(first) > 1 and any(isinstance(value, str) for value in plain)


FORMATS: Final = (
    Format("JSON records", (".json",), "an array of objects, a turn each", tables, sniff=sniff, unit="element"),
)
