"""The table of gaps as people and programs read it."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

from alliancekit import schema
from alliancekit.cli.tables import figure, p_value, print_table
from alliancekit.errors import ColumnError
from alliancekit.labels import listing, nearest, printable, quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

FOOTER: Final = (
    "gap = therapist - patient, n = sessions. Scores of language, not ratings; an overall gap is relative to the\n"
    "instrument, since it contains any constant offset between the roles' wording."
)


def grouping(by: Sequence[str] | None, columns: Sequence[str]) -> list[str]:
    """Give the columns to group by: those asked for, else `condition` where there is one, else none.

    Raises:
        ColumnError: a column asked for is missing.

    >>> grouping(None, ["session_id", "condition"])
    ['condition']

    """
    if by is None:
        return [schema.CONDITION] if schema.CONDITION in columns else []
    for name in by:
        if name not in columns:
            near = nearest(name, columns)
            hint = f" Nearest: {quoted(near)}." if near else ""
            raise ColumnError(f"the column {quoted(name)} of --by is missing.{hint} Columns there: {listing(columns)}.")
    return list(by)


def print_gap(table: pl.DataFrame, groups: Sequence[str]) -> None:
    """Print the table, its notes, and what a gap is."""
    header = [*groups, "scale", "patient", "therapist", "gap", "95 % CI", "p", "n"]
    rows = [_cells(record, groups) for record in table.iter_rows(named=True)]
    print_table(header, rows, numbers=6)
    _print_lines(_notes(table, groups))
    _print_lines([FOOTER])


def to_json(table: pl.DataFrame) -> str:
    """Give the records as a JSON array in full precision; a number that JSON cannot hold is null."""
    records = [{name: _plain(value) for name, value in row.items()} for row in table.iter_rows(named=True)]
    return json.dumps(records, indent=2, default=str)


def _plain(value: Any) -> Any:  # noqa: ANN401 - a cell can be of any type
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _cells(record: dict[str, Any], groups: Sequence[str]) -> list[str]:
    labels = ["-" if record[name] is None else str(record[name]) for name in (*groups, schema.SCALE)]
    means = [figure(record[name]) for name in ("patient_mean", "therapist_mean", "gap")]
    low, high = figure(record["ci_low"]), figure(record["ci_high"])
    interval = "-" if low == high == "-" else f"[{low}, {high}]"
    return [*labels, *means, interval, p_value(record["p_value"]), str(record["n_sessions"])]


def _notes(table: pl.DataFrame, groups: Sequence[str]) -> list[str]:
    """Give each distinct note once, with the groups and scales that it is about."""
    if "note" not in table.columns:
        return []
    noted = table.filter(table["note"].is_not_null() & (table["note"] != ""))
    about: dict[str, dict[str, list[str]]] = {}
    for record in noted.iter_rows(named=True):
        group = ", ".join(str(record[name]) for name in groups) or "all sessions"
        about.setdefault(record["note"], {}).setdefault(group, []).append(record[schema.SCALE])
    scales = table[schema.SCALE].n_unique()
    return [printable(f"{note} ({_subjects(of, scales)})") for note, of in about.items()]


def _subjects(of: dict[str, list[str]], scales: int) -> str:
    return "; ".join(group if len(names) == scales else f"{group}: {', '.join(names)}" for group, names in of.items())


def _print_lines(lines: Sequence[str]) -> None:
    for line in lines:
        print(line)  # noqa: T201 - the command's output
