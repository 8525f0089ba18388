"""Marks of what is not speech: kept, taken out, or turns of them alone left out as well; counted in any case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.labels import counted
from alliancekit.readers.protocol import Table
from alliancekit.readers.steps.ending import ending
from alliancekit.readers.steps.non_speech_marks import MARK, MAYBE, OTHER

HERE: Final = "\ue000\uf8ff\ue000"
"""Where a mark was, while a text is worked on: private characters, which no text has in this order."""

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.problem import Problem
    from alliancekit.readers.steps.context import Context


@dataclass(slots=True)
class _Counts:
    marks: int = 0
    turns: int = 0
    alone: int = 0
    other: int = 0
    first: int | None = None


def treat_non_speech(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Do with the marks what the options say; how many there were is said at the file's end."""
    counts = _Counts()
    last: pl.DataFrame | None = None
    for table in tables:
        treated = _treated(table, context, counts)
        last = treated.frame
        yield treated
    if last is not None and (counts.marks or counts.other):
        yield ending(last, *_said(counts, context))


def _treated(table: Table, context: Context, counts: _Counts) -> Table:
    text = table.frame[schema.TEXT]
    if text.dtype != pl.String:
        return table
    maybe = text.str.contains(MAYBE).fill_null(value=False)
    if not maybe.any():
        return table
    found = marks_of(table.rows.filter(maybe), text.filter(maybe))
    marked = found.filter(pl.col("marks") > 0)
    counts.marks += int(marked["marks"].sum())
    counts.turns += marked.height
    counts.alone += int(marked["alone"].sum())
    counts.other += int(found["other"].sum())
    if counts.first is None and marked.height:
        counts.first = int(marked["row"][0])
    if context.options.non_speech == "keep":
        return table
    position = maybe.arg_true().filter(found["marks"] > 0)
    frame = table.frame.with_columns(text.clone().scatter(position, marked["without"]))
    if context.options.non_speech == "strip":
        return Table(frame, table.rows, table.problems)
    stays = pl.repeat(value=True, n=len(text), eager=True).scatter(position.filter(marked["alone"]), values=False)
    return Table(frame.filter(stays), table.rows.filter(stays), table.problems)


def marks_of(rows: pl.Series, text: pl.Series) -> pl.DataFrame:
    """Give each text's marks: `row`, `marks` (how many), `without` them, `alone` (nothing else said), `other` marks."""
    held = pl.col("held")
    # A mark leaves no space before a full stop, and not both of the commas around it.
    without = held.str.replace_all(rf"[,;]?\s*(?:{HERE}\s*)+([.,;:!?])", "$1").str.replace_all(
        rf"\s*(?:{HERE}\s*)+", " "
    )
    return (
        pl.DataFrame({"row": rows, "held": text.str.replace_all(MARK, HERE)})
        .with_columns(marks=held.str.count_matches(HERE), without=without.str.strip_chars())
        .with_columns(alone=(pl.col("marks") > 0) & ~pl.col("without").str.contains(r"[\pL\pN]"))
        .with_columns(
            pl.when("alone").then(pl.lit("")).otherwise("without").alias("without"),
            other=pl.col("without").str.count_matches(OTHER),
        )
    )


def _said(counts: _Counts, context: Context) -> Iterator[Problem]:
    choice = context.options.non_speech
    if counts.marks:
        done = {
            "keep": "kept in the texts; non_speech='strip' (--non-speech strip) takes them out, 'drop-turns' "
            "leaves turns of them alone out as well",
            "strip": f"taken out of the texts; turns of them alone, now blank: {counts.alone}",
            "drop-turns": f"taken out of the texts; turns of them alone, left out: {counts.alone}",
        }[choice]
        message = (
            f"{counted(counts.marks, 'mark')} of what is not speech, such as [laughter], (inaudible) or times, in "
            f"{counted(counts.turns, 'turn')}, this one first: {done}."
        )
        yield context.problem("non_speech", message, row=counts.first, column=schema.TEXT)
    if counts.other and choice != "keep":
        others = counted(counts.other, "other mark")
        message = f"{others} in square brackets kept: redactions or a transcriber's guesses, it may be."
        yield context.problem("brackets_kept", message, column=schema.TEXT)
