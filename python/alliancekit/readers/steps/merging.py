"""Consecutive utterances of one speaker become one turn, where the caller says so."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError
from alliancekit.labels import counted
from alliancekit.readers.protocol import Table
from alliancekit.readers.steps.ending import ending
from alliancekit.readers.steps.speakers import SPEAKER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alliancekit.readers.problem import Problem
    from alliancekit.readers.steps.context import Context

RUN: Final = "\0run"
ROW: Final = "\0row"


def merge_turns(tables: Iterator[Table], context: Context) -> Iterator[Table]:
    """Join consecutive utterances of one speaker: index, start and labels of the first, the last end, the texts.

    The last run of a table waits for the next one, so that pieces of any size give the same turns. Turns that were left
    out as non-speech lie between no utterances; those of speakers who are left out do.
    """
    if not context.options.merge:
        yield from tables
        return
    order = _Order(context)
    held: pl.DataFrame | None = None
    before = after = 0
    for table in tables:
        order.check(table)
        before += table.frame.height
        frame = table.frame.with_columns(table.rows.alias(ROW))
        turns = _merged(frame if held is None else pl.concat([held, frame]))
        held, done = turns.tail(1), turns.head(-1)
        after += done.height
        yield Table(done.drop(ROW), done[ROW], table.problems)
    if held is not None:
        yield Table(held.drop(ROW), held[ROW])
        yield ending(held.drop(ROW), *_said(before, after + held.height, context))


def _merged(frame: pl.DataFrame) -> pl.DataFrame:
    speaker = pl.col(SPEAKER).str.strip_chars().str.to_lowercase()
    # A turn that will be left out goes with no other: each is counted.
    alone = pl.when(pl.col(schema.ROLE).is_null()).then(pl.int_range(pl.len()))
    run = pl.struct(schema.SESSION_ID, schema.ROLE, speaker, alone.alias(RUN)).rle_id()
    columns = {name: pl.col(name).first() for name in frame.columns}
    columns[schema.TEXT] = _joined_texts()
    if schema.END_S in columns and frame[schema.END_S].dtype.is_numeric():
        columns[schema.END_S] = pl.col(schema.END_S).max()
    return frame.group_by(run.alias(RUN), maintain_order=True).agg(**columns).drop(RUN)


def _joined_texts() -> pl.Expr:
    text = pl.col(schema.TEXT)
    said = text.filter(text.str.strip_chars() != "")
    return pl.when(said.len() > 0).then(said.str.join(" ")).otherwise(text.drop_nulls().first())


@dataclass(slots=True)
class _Order:
    """Refuses a file whose rows do not follow each other as its turns do: joining them would mix sessions up."""

    context: Context
    last: tuple[object, int] | None = None
    ended: set[object] = field(default_factory=set)

    def check(self, table: Table) -> None:
        keys = table.frame.select(schema.SESSION_ID, schema.TURN_INDEX)
        if keys.is_empty():
            return
        session, index = keys.get_columns()
        begins = session != session.shift(1)
        begins[0] = self.last is None or session[0] != self.last[0]
        self._check_sessions(table, session, begins)
        falls = (index <= index.shift(1)).fill_null(value=False) & ~begins
        falls[0] = not begins[0] and self.last is not None and index[0] <= self.last[1]
        if falls.any():
            raise self._unordered(table, falls.arg_max() or 0, "has a turn_index that is not above the one before it")
        self.last = (session[-1], index[-1])

    def _check_sessions(self, table: Table, session: pl.Series, begins: pl.Series) -> None:
        for position in begins.arg_true():
            if self.last is not None:
                self.ended.add(self.last[0])
            if session[position] in self.ended:
                raise self._unordered(table, position, "goes on with a session that another has interrupted")
            self.last = (session[position], 0)

    def _unordered(self, table: Table, position: int, what: str) -> DataError:
        unit = self.context.unit
        return DataError(
            f"{self.context.path}: {unit} {table.rows[position]} {what}, so it cannot be told which utterances follow "
            "each other. Sort the file by session_id and turn_index, or read it without merge (--merge)."
        )


def _said(before: int, after: int, context: Context) -> Iterator[Problem]:
    if before > after:
        message = (
            f"{counted(before - after, 'utterance')} joined to the one before by the same speaker: {before} became "
            f"{after} turns. Index, start and labels are those of the first."
        )
        yield context.problem("utterances_merged", message)
