"""JSON lines: one turn a line, each a JSON object."""

from __future__ import annotations

import codecs
import io
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.errors import ColumnError, DataError
from alliancekit.readers.formats.blocks import blocks, in_rows
from alliancekit.readers.formats.jsonl_check import check
from alliancekit.readers.head import read_head
from alliancekit.readers.protocol import Format, Table
from alliancekit.readers.text_file import UTF_8, text_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.formats.jsonl_check import Layout
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.text_file import TextFile

GLOB_MARKS: Final = frozenset("*?[")


def tables(path: Path, options: ReadOptions) -> Iterator[Table]:
    """Parse JSON lines piece by piece (`Format.tables`); blank lines are skipped, a key that a line lacks is null."""
    text = text_file(path, options)
    layout = check(text, options)
    problems = text.problems
    seen = 0
    try:
        for frame in _frames(text, layout, options):
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
    if seen != layout.records:
        raise DataError(f"{path}: {layout.records} records are there, and {seen} could be parsed.")


def _frames(text: TextFile, layout: Layout, options: ReadOptions) -> Iterator[pl.DataFrame]:
    dtypes = layout.dtypes()
    if dtypes is None or text.encoding != UTF_8:
        # Polars has to see the whole file, to find the types or since it is converted.
        yield from _scan(text, layout).collect_batches(chunk_size=options.batch_rows)
        return
    with text.path.open("rb") as file:
        pieces = (block.removeprefix(codecs.BOM_UTF8) for block in blocks(file, end=b"\n", quoted=False))
        frames = (pl.read_ndjson(piece, schema=dtypes) for piece in pieces if piece.strip())
        yield from in_rows(frames, options.batch_rows)


def _scan(text: TextFile, layout: Layout) -> pl.LazyFrame:
    source = text.in_utf8()
    if not isinstance(source, io.BytesIO):
        marked = read_head(text.path).data.startswith(codecs.BOM_UTF8)
        if marked or GLOB_MARKS & set(str(text.path)):
            # scan_ndjson reads no byte order mark, and takes a name with these marks for a pattern of other files.
            source = io.BytesIO(text.path.read_bytes().removeprefix(codecs.BOM_UTF8))
    return pl.scan_ndjson(source, schema=layout.dtypes(), infer_schema_length=None)


FORMATS: Final = (Format("JSON lines", (".jsonl", ".ndjson"), "one JSON object a line, a turn each", tables),)
