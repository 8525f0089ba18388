"""Praat TextGrid: tiers of intervals with texts; each interval tier is a speaker by its name.

Blank intervals are silence and no turns. Point tiers are left out, and counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.errors import DataError
from alliancekit.readers.limits import too_long
from alliancekit.readers.parsed import tables_by
from alliancekit.readers.protocol import Format
from alliancekit.readers.speech.tally import Tally
from alliancekit.readers.speech.textgrid_values import Values
from alliancekit.readers.speech.tiers import COLUMNS, Spoken, one_line, turns
from alliancekit.readers.text_file import text_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from alliancekit.readers.head import Head
    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.parsed import Turn
    from alliancekit.readers.problem import Problem
    from alliancekit.readers.speech.tally import Sayings

KIND: Final = "TextGrid"
SAYINGS: Final[Sayings] = {"point_left_out": ("point", "warning", "with a text, on point tiers, left out.")}


def parse(path: Path, options: ReadOptions) -> Iterator[Turn | Problem]:
    """Give each interval with a text as a turn."""
    text = text_file(path, options)
    yield from text.problems
    if path.stat().st_size > options.max_record_bytes:
        raise too_long(path, "document", 1, options.max_record_bytes)
    with text.decoding(), text.open() as file:
        values = Values(path, file.read())
    tally = Tally(path, "interval")
    yield from turns(_spoken(path, values, tally), tally)
    yield from tally.problems(SAYINGS)


def _spoken(path: Path, values: Values, tally: Tally) -> Iterator[Spoken]:
    if not values.text().startswith("ooTextFile") or values.text() != KIND:
        raise DataError(f"{path}: a Praat text file of another kind than {KIND}. Save the TextGrid as a text file.")
    values.number(), values.number()  # the whole recording's times
    row = 0
    for number in range(1, 1 + (values.count() if values.flag() == "exists" else 0)):
        kind, name = values.text(), values.text()
        values.number(), values.number()
        if kind == "TextTier":
            for _ in range(values.count()):
                values.number()
                tally.add("point_left_out", None, bool(values.text().strip()))
        elif kind == "IntervalTier":
            for _ in range(values.count()):
                row += 1
                start, end, said = values.number(), values.number(), one_line(values.text())
                if said:
                    yield Spoken(row, name.strip() or None, name, said, start, end)
        else:
            raise DataError(f"{path}: tier {number} is neither an IntervalTier nor a TextTier.")
    if not values.at_end():
        raise DataError(f"{path}: more follows the last tier than its sizes say. Save the TextGrid again from Praat.")


def sniff(head: Head) -> bool:
    """Recognise the first two values, in either text format."""
    first = " ".join(head.lines[:2])
    return "ooTextFile" in first and f'"{KIND}"' in first


FORMATS: Final = (
    Format(
        name="TextGrid",
        suffixes=(".textgrid",),
        description="Praat's TextGrid, long or short",
        tables=tables_by(parse, COLUMNS),
        sniff=sniff,
        unit="interval",
    ),
)
