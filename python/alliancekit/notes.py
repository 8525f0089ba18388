"""The notes of a result: each once, with the rows that it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from alliancekit import schema
from alliancekit.labels import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

Row: TypeAlias = tuple[str, ...]
"""What tells a row of a result from the others: its groups, then its scale."""

BETWEEN_REMARKS: Final = "; "
"""What stands between the remarks of one note."""

MOST_SUBJECTS: Final = 8


def notes(table: pl.DataFrame, groups: Sequence[str], *, column: str = "note") -> list[str]:
    """Give each remark once, with the groups and scales that it is about; one about all rows stands alone.

    >>> import polars as pl
    >>> table = pl.DataFrame({"condition": ["a", "b"], "scale": "task", "note": ["few; by patient", "by patient"]})
    >>> notes(table, ["condition"])
    ['few (a)', 'by patient']

    """
    about: dict[str, dict[Row, None]] = {}
    rows: dict[Row, None] = {}
    for *names, note in table.select(*groups, schema.SCALE, column).iter_rows():
        row = tuple("-" if name is None else str(name) for name in names)
        rows[row] = None
        for remark in filter(None, (note or "").split(BETWEEN_REMARKS)):
            about.setdefault(remark, {})[row] = None
    return [printable(_with_subjects(remark, list(of), list(rows))) for remark, of in about.items()]


def _with_subjects(remark: str, of: Sequence[Row], rows: Sequence[Row]) -> str:
    subjects = _subjects(of, rows)
    return f"{remark} ({subjects})" if subjects else remark


def _subjects(of: Sequence[Row], rows: Sequence[Row]) -> str:
    """Say which rows these are: a choice of values in each column if it is one, otherwise group by group."""
    mine, all_values = _values(of), _values(rows)
    alike = sum(all(name in values for name, values in zip(row, mine, strict=True)) for row in rows)
    if alike == len(of):
        chosen = [values for values, every in zip(mine, all_values, strict=True) if len(values) < len(every)]
        return BETWEEN_REMARKS.join(_listed(list(values)) for values in chosen)
    scales: dict[str, list[str]] = {}
    for *group, scale in of:
        scales.setdefault(", ".join(group), []).append(scale)
    every_scale = len(all_values[-1])
    names = [group if len(found) == every_scale else f"{group}: {', '.join(found)}" for group, found in scales.items()]
    return _listed(names, between=BETWEEN_REMARKS)


def _values(rows: Iterable[Row]) -> list[dict[str, None]]:
    """Give the values of each column, in order; a dict, to look them up quickly."""
    return [dict.fromkeys(values) for values in zip(*rows, strict=True)]


def _listed(names: Sequence[str], *, between: str = ", ") -> str:
    rest = len(names) - MOST_SUBJECTS
    return between.join([*names[:MOST_SUBJECTS], *([f"{rest:,} more"] if rest > 0 else [])])
