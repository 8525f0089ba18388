"""The check of a CSV or TSV file before it is parsed: what Polars would mend in silence, or quote in its error.

One pass in constant memory with the standard library's reader, about a quarter of the time that reading takes. It
counts the records, so that the parsed table can be held against it.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING, Final

from alliancekit.errors import ColumnError, DataError
from alliancekit.readers.head import read_head
from alliancekit.readers.limits import refuse_long_lines, refuse_wide, too_long

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from alliancekit.readers.text_file import TextFile

SEPARATORS: Final = {";": "a semicolon", "\t": "a tab", ",": "a comma", "|": "a bar"}
_field_limit_lock = Lock()


@dataclass(slots=True)
class Layout:
    """What the check found.

    Attributes:
        header: the column names.
        records: rows below the header, blank ones counted.
        filled: rows that are not blank.
        short: rows with fewer fields than the header.
        first_short: the first of them, 1-based; 0 when there is none.

    """

    header: list[str]
    records: int = 0
    filled: int = 0
    short: int = 0
    first_short: int = 0


def separator_in(text: TextFile, usual: str) -> str:
    """Give the mark between the columns: the usual one of the file's suffix, unless the first line has another only.

    Spreadsheets write a semicolon in many countries, and call the file CSV as well.
    """
    line = read_head(text.path).lines[0]
    fields = {mark: len(next(csv.reader([line], delimiter=mark), [])) for mark in (usual, *SEPARATORS)}
    return usual if fields[usual] > 1 else max(fields, key=lambda mark: fields[mark])


def check(text: TextFile, separator: str, limit: int) -> Layout:
    """Read the file once and give its layout.

    Args:
        text: the file.
        separator: the character between columns.
        limit: the most bytes of a line and of a field.

    Raises:
        ColumnError: there is one column only, or two have one name.
        DataError: the file has no rows, is not of its encoding, or a row has more fields than the header, is too
            long, or is not quoted as RFC 4180 has it.

    """
    refuse_long_lines(text.path, limit)
    number = 0
    try:
        with text.decoding(), text.open(newline="") as file, _field_limit(limit):
            records = csv.reader(file, delimiter=separator, strict=True)
            layout = Layout(_header(next(records, []), text.path))
            refuse_wide(text.path, len(layout.header))
            for number, record in enumerate(records, start=1):
                if len(record) != len(layout.header):
                    _count_ragged(layout, number, len(record), text.path)
                layout.records = number
    except csv.Error as error:
        raise _refusal(error, text.path, number + 1, limit) from None
    layout.filled += layout.records
    return _with_rows(layout, text.path)


def _refusal(error: csv.Error, path: Path, row: int, limit: int) -> DataError:
    if "field limit" in str(error):
        return too_long(path, "row", row, limit)
    return DataError(f"{path}: row {row} is not quoted properly ({error}). {ADVICE}")


ADVICE: Final = (
    'A field that contains a separator, a line break or a " has to stand between "…", and each " in it is doubled.'
)


def odd_quotes(text: TextFile, separator: str) -> int:
    """Give the first row with an odd number of quotes, which parsers understand differently; 0 when there is none."""
    lines: list[str] = []
    with text.open(newline="") as file, _field_limit(sys.maxsize):
        for number, _ in enumerate(csv.reader(_kept(file, lines), delimiter=separator)):
            if sum(line.count('"') for line in lines) % 2:
                return number
            lines.clear()
    return 0


def _kept(file: Iterable[str], lines: list[str]) -> Iterator[str]:
    for line in file:
        lines.append(line)
        yield line


@contextmanager
def _field_limit(size: int) -> Iterator[None]:
    # The limit (128 KiB otherwise) is the standard library's global state; a turn may be longer.
    with _field_limit_lock:
        before = csv.field_size_limit(size)
        try:
            yield
        finally:
            csv.field_size_limit(before)


def _header(names: list[str], path: Path) -> list[str]:
    if len(names) < 2:  # noqa: PLR2004 - a transcript has a speaker and a text at least
        raise ColumnError(
            f"{path}: the first line has one column only. Is it a table, with its column names in the first line? "
            "If another mark than the usual ones stands between them, name it with separator= (--separator)."
        )
    for name, times in Counter(names).items():
        if times > 1:
            # By position: where the header row is missing, a name is a piece of the transcript.
            places = " and ".join(str(place) for place, other in enumerate(names, start=1) if other == name)
            raise ColumnError(f"{path}: columns {places} have one name. Rename them so that each is unique.")
    return names


def _count_ragged(layout: Layout, number: int, fields: int, path: Path) -> None:
    width = len(layout.header)
    if fields > width:
        raise DataError(f"{path}: row {number} has {fields} fields, and the header has {width}. {ADVICE}")
    if fields == 0:
        layout.filled -= 1
        return
    layout.short += 1
    layout.first_short = layout.first_short or number


def _with_rows(layout: Layout, path: Path) -> Layout:
    if layout.filled == 0:
        raise DataError(f"{path}: the file has a header and no rows.")
    return layout
