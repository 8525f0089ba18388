"""SPSS (``.sav``) and Stata (``.dta``) files, by pyreadstat; labels take the place of numbers, and codes are kept.

A variable all of whose values have a label is taken for a category: the column holds the labels, and ``NAME_code`` the
numbers. One of which only some values have a label, such as a rating whose two ends are named, stays a number, and
``NAME_label`` holds the labels; but names, ids and the condition are text, with the number where there is no label.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.errors import DataError
from alliancekit.readers.extras import missing_extra
from alliancekit.readers.formats.pieces import pieces
from alliancekit.readers.formats.text_width import narrow_text
from alliancekit.readers.formats.value_labels import labelled
from alliancekit.readers.head import read_head
from alliancekit.readers.protocol import Format

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyreadstat import metadata_container

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.protocol import Table

MOST_BYTES: Final = 2**32
"""Of all rows at their full width; compressed, a file may claim far more than it has."""
READERS: Final = {"SPSS": "read_sav", "Stata": "read_dta"}
MAGIC: Final = {"SPSS": (b"$FL2", b"$FL3"), "Stata": (b"<stata_dta>", b"\x71", b"\x72", b"\x73", b"\x6f", b"\x6e")}
WHOLE: Final = 2.0**53


def tables(path: Path, options: ReadOptions, *, name: str) -> Iterator[Table]:
    """Parse a file of one of the two piece by piece (`Format.tables`); it is held in memory as a whole."""
    frame, meta = _read(path, name, options)
    if frame.is_empty():
        raise DataError(f"{path}: the file has variables and no rows.")
    frame = frame.with_columns(_whole(frame[column]) for column in frame.columns)
    narrow = narrow_text(frame, meta.variable_storage_width, path, options)
    frame, problems = labelled(frame, meta.variable_value_labels, path, options)
    yield from pieces(frame, options, problems=(*narrow, *problems))


def _read(path: Path, name: str, options: ReadOptions) -> tuple[pl.DataFrame, metadata_container]:
    start = read_head(path).data
    if not start:
        raise DataError(f"{path}: the file is empty.")
    if not start.startswith(MAGIC[name]):
        raise _damaged(path, name)
    try:
        import pyreadstat  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_extra(path, "spss", "pyreadstat") from None
    parse = getattr(pyreadstat, READERS[name])
    encodings = (None,) if options.encoding is None else (None, options.encoding)
    for encoding in encodings:
        try:
            _, meta = parse(str(path), metadataonly=True, encoding=encoding, output_format="polars")
            _refuse_cut(path, name, start, meta)
            frame, meta = parse(str(path), encoding=encoding, output_format="polars")
        except DataError:
            raise
        except Exception as error:  # noqa: BLE001 - ReadStat's own error, or Polars' and Python's of odd values
            if "invalid byte sequence" in str(error) and encoding != encodings[-1]:
                continue
            raise _damaged(path, name, error) from None
        return frame, meta
    raise _damaged(path, name)


def _refuse_cut(path: Path, name: str, start: bytes, meta: metadata_container) -> None:
    if name == "Stata" and start.startswith(b"<stata_dta>"):
        with path.open("rb") as file:
            file.seek(-min(path.stat().st_size, 64), 2)
            if b"</stata_dta>" not in file.read():
                raise DataError(f"{path}: the file is cut off. Export or copy it again.")
    rows = meta.number_rows or 0
    width = sum(meta.variable_storage_width.values())
    if rows * width > MOST_BYTES:
        raise DataError(f"{path}: {rows} rows of {width} bytes are too large to read. Save it as CSV or Parquet.")


def _whole(column: pl.Series) -> pl.Series:
    """Give numbers without a fraction as integers: SPSS has no others, and a session is 7, not 7.0."""
    if not column.dtype.is_float():
        return column
    column = column.fill_nan(None)
    filled = column.drop_nulls()
    if len(filled) and bool(((filled == filled.round()) & (filled.abs() < WHOLE)).all()):
        return column.cast(pl.Int64)
    return column


def _damaged(path: Path, name: str, error: Exception | None = None) -> DataError:
    if error is not None and "invalid byte sequence" in str(error):
        return DataError(
            f"{path}: its texts are not of the encoding that it names. Name the right one, for Western Windows "
            "encoding='cp1252' (command line: --encoding cp1252), or save it as UTF-8."
        )
    return DataError(f"{path}: not a file of {name}, or a damaged one. Export or copy it again.")


FORMATS: Final = (
    Format("SPSS", (".sav", ".zsav"), "SPSS data files; value labels are kept", partial(tables, name="SPSS")),
    Format("Stata", (".dta",), "Stata data files; value labels are kept", partial(tables, name="Stata")),
)
