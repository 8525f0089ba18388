"""A row per annotator becomes a row per utterance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.labels import listing
from alliancekit.readers.protocol import Table
from alliancekit.readers.steps.ending import ending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.problem import Problem
    from alliancekit.readers.steps.context import Context

KEY: Final = ("transcript_id", "utterance_id")
SAID: Final = ("interlocutor", "utterance_text")
JUDGED: Final = (
    "annotator_id",
    *("therapist_input_exists", "therapist_input_subtype"),
    *("reflection_exists", "reflection_subtype"),
    *("question_exists", "question_subtype"),
    *("main_therapist_behaviour", "client_talk_type"),
)
"""Columns that hold what one annotator judged."""


@dataclass(slots=True)
class _Seen:
    """The utterances so far.

    Attributes:
        said: key of an utterance → hash of its speaker and text.
        repeated: rows that repeat an utterance.
        differing: those of them with another speaker or text.
        first: the first of these, 1-based; 0 when there is none.

    """

    said: dict[tuple[object, ...], int] = field(default_factory=dict)
    repeated: int = 0
    differing: int = 0
    first: int = 0


def one_row_per_utterance(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Keep the first row of each utterance of AnnoMI's full version, which has one for each annotator.

    The annotators' judgements differ, so that none of them is the utterance's: their columns are left out, unless the
    caller maps one, which is then the first annotator's.
    """
    seen = _Seen()
    judged = [name for name in JUDGED if name not in context.options.columns.values()]
    there: list[str] = []
    last: pl.DataFrame | None = None
    for table in tables:
        there = there or [name for name in judged if name in table.frame.columns]
        first = _is_first(table, seen)
        last = table.frame.filter(first).drop(there)
        yield Table(last, table.rows.filter(first), table.problems)
    if last is not None:
        yield ending(last, *_said(seen, there, context))


def _is_first(table: Table, seen: _Seen) -> pl.Series:
    keys = table.frame.select(pl.col(name).cast(pl.String) for name in KEY).rows()
    said = table.frame.select(SAID).rows()
    return pl.Series(
        [_is_new(key, hash(what), row, seen) for key, what, row in zip(keys, said, table.rows, strict=True)],
        dtype=pl.Boolean,
    )


def _is_new(key: tuple[object, ...], what: int, row: int, seen: _Seen) -> bool:
    # A row without its key repeats none; it is refused where the keys are checked.
    if None in key:
        return True
    before = seen.said.get(key)
    if before is None:
        seen.said[key] = what
        return True
    seen.repeated += 1
    if before != what:
        seen.differing += 1
        seen.first = seen.first or row
    return False


def _said(seen: _Seen, judged: list[str], context: Context) -> Iterator[Problem]:
    if judged:
        message = (
            f"The columns of single annotators' judgements were left out: {listing(judged)}. Map one to keep it as the "
            "first annotator of an utterance has it, or read AnnoMI-simple.csv, which has one judgement per utterance."
        )
        yield context.problem("annotators_left_out", message)
    if seen.repeated:
        message = f"{seen.repeated} rows repeat an utterance for another annotator; one row per utterance was kept."
        yield context.problem("annotators_merged", message)
    if seen.differing:
        message = (
            f"{seen.differing} rows, this one first, repeat an utterance with another speaker or text; the first row "
            "of each utterance was kept."
        )
        yield context.problem("annotators_differ", message, row=seen.first, severity="warning")
