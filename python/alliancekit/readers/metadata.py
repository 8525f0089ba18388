"""The table of session labels (condition, patient, therapist, ratings, …), joined by session_id, never by position."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError
from alliancekit.labels import counted, listing, quoted
from alliancekit.readers.problem import Problem
from alliancekit.readers.side_table import as_ids, side_table

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

    from alliancekit.readers.options import ReadOptions
    from alliancekit.readers.shown import Shown
    from alliancekit.readers.side_table import SideTable

OF_TURNS: Final = (schema.TURN_INDEX, schema.ROLE, schema.TEXT, schema.START_S, schema.END_S)
OF_SESSIONS: Final = (schema.CONDITION, schema.PATIENT_ID, schema.THERAPIST_ID, schema.SESSION_NUMBER)
"""Canonical columns that a mapping may find in the metadata."""
KEY: Final = "\0key"


@dataclass(slots=True)
class Metadata:
    """Session labels, and which of them found their session.

    Attributes:
        path: the file.
        labels: a row per session: its id as `KEY`, and the labels under their canonical names.
        rows: the 1-based number in the file of each.
        mapped: canonical names that the caller's mapping found here, not in the transcripts.
        without_id: rows that were left out, having no id.
        seen: ids that transcripts have.

    """

    path: Path
    labels: pl.DataFrame
    rows: pl.Series
    mapped: frozenset[str] = frozenset()
    without_id: int = 0
    seen: dict[str, None] = field(default_factory=dict)

    def problems(self, shown: Shown) -> list[Problem]:
        """Say which ids found no partner, both ways; to be called when all files are read."""
        known = self.labels[KEY]
        there = dict.fromkeys(known)
        missing = [session for session in self.seen if session not in there]
        unused = ~known.is_in(list(self.seen))
        found = []
        if self.without_id:
            found.append(
                self._warning("metadata_without_id", f"{counted(self.without_id, 'row')} without an id left out.")
            )
        if missing:
            message = (
                f"{len(missing)} of {counted(len(self.seen), 'session')} without a row in this table and its labels: "
                f"{shown.ids(missing)}.{_hint(missing, there)}"
            )
            found.append(self._warning("metadata_missing", message))
        if unused.any():
            message = (
                f"{unused.sum()} of {counted(len(known), 'row')}, this one first, of sessions that no transcript has: "
                f"{shown.ids(known.filter(unused).to_list())}."
            )
            found.append(self._warning("metadata_unused", message, row=int(self.rows.filter(unused)[0])))
        return found

    def _warning(self, code: str, message: str, *, row: int | None = None) -> Problem:
        return Problem(self.path, row, schema.SESSION_ID, code, message, "warning")


def read_metadata(options: ReadOptions) -> Metadata | None:
    """Read the table that the options name; None where they name none.

    Raises:
        ColumnError: the column of ids is missing, or a column belongs to turns.
        DataError: an id stands there twice, or the file cannot be understood.

    """
    if options.metadata is None:
        return None
    id_column = options.metadata_id or schema.SESSION_ID
    table = side_table(options.metadata, options, id_column=id_column)
    ids = as_ids(
        table.column(id_column, "Name the one with the ids: metadata_id='NAME' (command line: --metadata-id NAME).")
    )
    mapping = {
        canonical: name
        for canonical, name in options.columns.items()
        if canonical in OF_SESSIONS and name in table.frame.columns
    }
    labels = _renamed(table, id_column, mapping).with_columns(ids.alias(KEY))
    filled = ids.is_not_null()
    _refuse_repeated(ids, table)
    return Metadata(
        table.path, labels.filter(filled), table.rows.filter(filled), frozenset(mapping), int((~filled).sum())
    )


def _renamed(table: SideTable, id_column: str, mapping: dict[str, str]) -> pl.DataFrame:
    labels = table.frame.drop(id_column)
    clash = [name for name in mapping if name in labels.columns and name not in mapping.values()]
    if clash:
        raise ColumnError(f"{table.path}: two columns would be named {listing(clash)}. Drop one of the --map options.")
    labels = labels.rename({name: canonical for canonical, name in mapping.items()})
    wrong = [name for name in labels.columns if name in (*OF_TURNS, schema.SESSION_ID)]
    if wrong:
        raise ColumnError(
            f"{table.path}: {listing(wrong)} cannot be a label of a session: the column is one of turns. "
            "Drop or rename it. A table of session labels has a row per session."
        )
    return labels


def _refuse_repeated(ids: pl.Series, table: SideTable) -> None:
    repeated = ids.is_duplicated() & ids.is_not_null()
    if repeated.any():
        first = repeated.arg_max() or 0
        places = table.rows.filter(ids == ids[first])
        raise DataError(
            f"{table.path}: {counted(ids.filter(repeated).n_unique(), 'id')} of {quoted(ids.name)} in several rows, "
            f"first in rows {places[0]} and {places[1]}. A session has one row of labels: leave the others out."
        )


def _hint(missing: list[str], there: dict[str, None]) -> str:
    folded = {_folded(name) for name in there}
    alike = sum(_folded(name) in folded for name in missing)
    if not alike:
        return ""
    return f" {alike} of them differ from an id there in case, leading zeros or a file's suffix only: make them equal."


def _folded(name: str) -> str:
    return name.rsplit("/", 1)[-1].partition(".")[0].casefold().lstrip("0")
