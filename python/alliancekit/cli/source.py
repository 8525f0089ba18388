"""The table that a statistical command works on, checked before the work begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError
from alliancekit.labels import listing, nearest, quoted
from alliancekit.scored import scan_scored
from alliancekit.stats.arguments import is_session_table
from alliancekit.stats.sessions import FIRST, MORE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

TURN_MARKS: Final = (schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE)
SESSION_COLUMNS: Final = (*FIRST, *MORE, "n_turns")
"""What the session table has, or `compare` makes of it, besides the labels."""

SESSION_NUMBERS: Final = frozenset({*FIRST, *MORE}) - {schema.SESSION_ID, schema.SCALE, "reason"}


@dataclass(frozen=True, slots=True)
class Source:
    """Turn scores or a session table, from a file.

    Attributes:
        path: the file.
        table: its rows; a Parquet file of turns is read when the statistics are made.
        columns: names and types.
        scales: those that the file says it holds, or those of `schema.DEFAULT_SCALES` that it has.
        is_sessions: whether it is a session table.

    """

    path: Path
    table: pl.LazyFrame
    columns: pl.Schema
    scales: tuple[str, ...]
    is_sessions: bool

    def grouping(self, by: Sequence[str] | None) -> list[str]:
        """Give the columns to group by: those asked for, else `condition` where there is one, else none.

        Raises:
            ColumnError: a column asked for is missing.

        """
        if by is None:
            return [schema.CONDITION] if schema.CONDITION in self.columns else []
        self.require("--by", by)
        return list(dict.fromkeys(by))

    def labels(self, by: Sequence[str] | None) -> list[str]:
        """Give the columns that tell conditions, as `grouping` does, at least one.

        Raises:
            ColumnError: a column asked for is missing, or none is named and there is no `condition`.

        """
        groups = self.grouping(by)
        if not groups:
            raise ColumnError(
                f"{self.path}: there is no column 'condition'. Say with --by which column tells the conditions. "
                f"Columns there: {listing(self.columns)}."
            )
        return groups

    def refuse_sessions(self) -> None:
        """Refuse a session table where turn scores are needed.

        Raises:
            DataError: it is one.

        """
        if self.is_sessions:
            raise DataError(f"{self.path}: is a session table, and this needs turn scores, as `alliance score` writes.")

    def require(self, option: str, names: Iterable[str], also: Iterable[str] = ()) -> None:
        """Refuse a name that is neither a column nor in `also`, and name the nearest."""
        known = [*self.columns, *also]
        for name in names:
            if name not in known:
                raise ColumnError(
                    f"{self.path}: the column {quoted(name)} of {option} is missing.{_hint(name, known)} "
                    f"Columns there: {listing(self.columns)}."
                )

    def chosen(self, scales: Sequence[str] | None) -> list[str]:
        """Give the scales asked for, else all.

        Raises:
            ColumnError: a scale asked for is missing.

        """
        if scales is None and not self.scales:
            raise ColumnError(
                f"{self.path}: no scores there: none of {', '.join(schema.DEFAULT_SCALES)} is a column. Score the "
                "transcripts first (`alliance score`), or name the columns that hold scores with --scale."
            )
        names = list(dict.fromkeys(self.scales if scales is None else scales))
        known = self.scales if self.is_sessions else tuple(self.columns)
        for name in names:
            if name not in known:
                raise ColumnError(
                    f"{self.path}: the scale {quoted(name)} is missing.{_hint(name, known)} "
                    f"Scales there: {listing(self.scales)}."
                )
            if not self.is_sessions:
                _number(self.table, name, self.path)
        return names


def open_scores(path: Path) -> Source:
    """Open a file of turn scores or a session table.

    Raises:
        FileAccessError: it cannot be opened, or is a folder without a complete run.
        DataError: it is damaged, empty, or neither of the two.

    """
    table, scales = scan_scored(path)
    columns = table.collect_schema()
    if is_session_table(columns):
        return _sessions(table.collect(), path)
    _check_turns(columns, path)
    found = scales or tuple(name for name in schema.DEFAULT_SCALES if name in columns)
    return Source(path, table, columns, found, is_sessions=False)


def _sessions(table: pl.DataFrame, path: Path) -> Source:
    numbers = [_number(table.lazy(), name, path) for name in table.columns if name in SESSION_NUMBERS]
    table = table.with_columns(numbers)
    scales = tuple(str(scale) for scale in table[schema.SCALE].unique(maintain_order=True))
    return Source(path, table.lazy(), table.schema, scales, is_sessions=True)


def _check_turns(columns: pl.Schema, path: Path) -> None:
    # The columns are not listed: in a file without a header they would be what somebody said.
    missing = next((name for name in TURN_MARKS if name not in columns), None)
    if missing is not None:
        raise ColumnError(
            f"{path}: neither turn scores nor a session table: the column '{missing}' is missing. "
            "`alliance score` makes the one from transcripts, `alliance sessions -o` the other from turn scores."
        )


def _number(table: pl.LazyFrame, name: str, path: Path) -> pl.Expr:
    """Give a column as numbers; those of a text file may be strings: without a value, or named like an id."""
    dtype = table.collect_schema()[name]
    if dtype.is_numeric():
        return pl.col(name)
    numbers = pl.col(name).cast(pl.Float64, strict=False)
    if (
        dtype in (pl.String, pl.Null)
        and table.select((numbers.is_null() == pl.col(name).is_null()).all()).collect().item()
    ):
        return numbers
    raise ColumnError(f"{path}: the column {quoted(name)} holds {dtype}, and should hold numbers.")


def _hint(name: str, known: Iterable[str]) -> str:
    near = nearest(name, known)
    return f" Nearest: {quoted(near)}." if near else ""
