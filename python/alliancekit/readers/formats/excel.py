"""Excel workbooks (``.xlsx``, ``.xlsm``): one sheet, whose first row that is not blank names the columns."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.errors import ColumnError, DataError, ParameterError
from alliancekit.labels import listing, nearest, quoted
from alliancekit.readers.extras import missing_extra
from alliancekit.readers.formats.delimited_types import casts, text_columns
from alliancekit.readers.formats.pieces import pieces
from alliancekit.readers.formats.workbook_limits import refuse_bomb
from alliancekit.readers.head import read_head
from alliancekit.readers.presets import mapping_of
from alliancekit.readers.problem import Problem
from alliancekit.readers.protocol import Format
from alliancekit.readers.times import of_durations

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.protocol import Table

PROTECTED: Final = b"\xd0\xcf\x11\xe0"
"""How a workbook begins that has a password, or is one of Excel 97."""
TIME: Final = r"^(?:1899-12-3[01]|1900-01-\d\d) \d\d:\d\d:\d\d(?:\.\d+)?$"
"""A time of day or a duration: Excel counts days from the end of 1899, and no talk was then."""
CLOCK: Final = "%Y-%m-%d %H:%M:%S%.f"
DAY_0: Final = dt.datetime(1899, 12, 31)  # noqa: DTZ001 - a sheet has no time zone


def tables(path: Path, options: ReadOptions) -> Iterator[Table]:
    """Parse a sheet piece by piece (`Format.tables`): values as they would be in a CSV, times as seconds."""
    start = read_head(path).data
    if not start:
        raise DataError(f"{path}: the file is empty.")
    if start.startswith(PROTECTED):
        raise DataError(f"{path}: protected by a password, or a workbook of Excel 97. Save it as .xlsx without one.")
    refuse_bomb(path)
    cells, problems = _sheet(path, options)
    header = _header(cells, path)
    body = cells[1:].rename(dict(zip(cells.columns, header, strict=True)))
    filled = body.select(~pl.all_horizontal(pl.all().is_null())).to_series()
    rows = pl.int_range(1, body.height + 1, dtype=pl.UInt32, eager=True).filter(filled)
    if rows.is_empty():
        raise DataError(f"{path}: the sheet has a header and no rows.")
    if blank := body.height - len(rows):
        problems.append(Problem(path, None, None, "blank_row", f"{blank} blank rows were left out."))
    frame, times = _with_times(body.filter(filled), options)
    if times:
        message = f"{listing(times)}: times of day or durations, given in seconds."
        problems.append(Problem(path, None, times[0], "times_in_seconds", message))
    strings = frame
    types = casts(lambda names: iter([strings.select(names)]), strings.columns, mapping_of(header, options))
    frame = strings.with_columns(types)
    yield from pieces(frame, options, rows=rows, problems=tuple(problems))


def _sheet(path: Path, options: ReadOptions) -> tuple[pl.DataFrame, list[Problem]]:
    """Give a sheet's cells as strings, its header among them."""
    try:
        import fastexcel  # noqa: PLC0415 - an extra
    except ImportError:
        raise missing_extra(path, "excel", "fastexcel") from None
    try:
        book = fastexcel.read_excel(str(path))
        names = list(book.sheet_names)
        wanted = _wanted(names, options, path)
        cells = book.load_sheet(wanted, header_row=None, dtypes="string").to_polars()
    except fastexcel.FastExcelError:
        # Its message may quote a cell.
        raise DataError(f"{path}: not an Excel workbook, or a damaged one. Export or copy it again.") from None
    except pl.exceptions.PanicException:
        raise DataError(f"{path}: a damaged workbook. Open it in Excel and save it again.") from None
    if cells.is_empty():
        raise DataError(f"{path}: the sheet {quoted(wanted)} is empty. {_others(names, wanted)}")
    if len(names) == 1 or options.sheet is not None:
        return cells, []
    message = f"The first sheet, {quoted(wanted)}, was read. {_others(names, wanted)}"
    return cells, [Problem(path, None, None, "first_sheet", message, "warning")]


def _wanted(names: Sequence[str], options: ReadOptions, path: Path) -> str:
    if not names:
        raise DataError(f"{path}: the workbook has no sheet. Export or copy it again.")
    if options.sheet is None:
        return names[0]
    if options.sheet in names:
        return options.sheet
    near = nearest(options.sheet, names)
    hint = f" Did you mean {quoted(near)}?" if near else ""
    raise ParameterError(f"{path}: there is no sheet {quoted(options.sheet)}.{hint} Sheets there: {listing(names)}.")


def _others(names: Sequence[str], wanted: str) -> str:
    others = [name for name in names if name != wanted]
    if not others:
        return "It is the only one."
    return f"Others there: {listing(others)}; name one with sheet='NAME' (command line: --sheet NAME)."


def _header(cells: pl.DataFrame, path: Path) -> list[str]:
    """Give the columns' names; one without a name is called by its place."""
    first = cells.row(0)
    if sum(name is not None for name in first) < 2:  # noqa: PLR2004 - a transcript has a speaker and a text at least
        raise ColumnError(
            f"{path}: the first row of the sheet has one name only. Delete what stands above the table, so that its "
            "first row names the columns."
        )
    names = [f"column_{place}" if name is None else str(name) for place, name in enumerate(first, start=1)]
    for name, times in Counter(names).items():
        if times > 1:
            # By position: where the header row is missing, a name is a piece of the transcript.
            places = " and ".join(str(place) for place, other in enumerate(names, start=1) if other == name)
            raise ColumnError(f"{path}: columns {places} have one name. Rename them so that each is unique.")
    return names


def _with_times(frame: pl.DataFrame, options: ReadOptions) -> tuple[pl.DataFrame, list[str]]:
    texts = text_columns(frame.columns, mapping_of(frame.columns, options))
    open_columns = [name for name in frame.columns if name not in texts]
    times = [name for name in open_columns if _is_time(frame[name])]
    seconds = [of_durations(frame[name].str.to_datetime(CLOCK) - DAY_0) for name in times]
    return frame.with_columns(column.cast(pl.String) for column in seconds), times


def _is_time(column: pl.Series) -> bool:
    filled = column.drop_nulls()
    return len(filled) > 0 and bool(filled.str.contains(TIME).all())


FORMATS: Final = (Format("Excel", (".xlsx", ".xlsm"), "Excel workbooks; one sheet", tables),)
