"""Tables that lie beside the transcripts: read by the format that their file has."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError
from alliancekit.labels import listing, nearest, quoted
from alliancekit.readers.options import ReadOptions
from alliancekit.readers.registry import reader_for

if TYPE_CHECKING:
    from os import PathLike

SEPARATORS: Final = ",;\t|"
TEXT_SUFFIXES: Final = (".csv", ".tsv", ".tab")


@dataclass(frozen=True, slots=True)
class SideTable:
    """A side table as it stands in its file.

    Attributes:
        path: the file.
        frame: its rows.
        rows: the 1-based number in the file of each.

    """

    path: Path
    frame: pl.DataFrame
    rows: pl.Series

    def column(self, name: str, option: str) -> pl.Series:
        """Give a column.

        Raises:
            ColumnError: it is not there; `option` is what the message says to use instead.

        """
        if name in self.frame.columns:
            return self.frame[name]
        near = nearest(name, self.frame.columns)
        hint = f" Nearest: {quoted(near)}." if near else ""
        raise ColumnError(
            f"{self.path}: the column {quoted(name)} is missing.{hint} Columns there: {listing(self.frame.columns)}. "
            + option
        )


def side_table(path: str | PathLike[str], options: ReadOptions, *, id_column: str | None = None) -> SideTable:
    """Read a side table; a CSV may have any of the usual separators.

    Args:
        path: a table of any format that can be read.
        options: the choices of the call, of which the encoding holds here too.
        id_column: a column that is read as strings whatever it holds.

    Raises:
        FileAccessError, DataError: as for a transcript.

    """
    path = Path(path)
    own = ReadOptions(
        columns={} if id_column is None else {schema.SESSION_ID: id_column},
        encoding=options.encoding,
        max_record_bytes=options.max_record_bytes,
    )
    tables = list(reader_for(path).tables(path, own))
    frame = pl.concat([table.frame for table in tables])
    return SideTable(path, frame, pl.concat([table.rows for table in tables]))


def as_ids(column: pl.Series) -> pl.Series:
    """Give a column of ids as strings without outer white space; 7 and 7.0, as spreadsheets have it, are ``7``.

    >>> as_ids(pl.Series([7.0, None])).to_list(), as_ids(pl.Series([" a", ""])).to_list()
    (['7', None], ['a', None])
    """
    if column.dtype.is_float() and (column.drop_nulls() == column.drop_nulls().round()).all():
        column = column.cast(pl.Int64, strict=False)
    text = column.cast(pl.String).str.strip_chars()
    return text.set(text == "", None)
