"""Scores beside ratings, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from alliancekit.cli.tables import print_lines, print_table

if TYPE_CHECKING:
    import polars as pl

FOOTER: Final = (
    "n = sessions; intervals draw clusters again. R2 is of sessions left out of the fit: below 0, worse than the mean.",
    "Scores of language and ratings are not on one metric: no difference between them means anything.",
    "corrective signal: a candidate, not validated. No figure here is about one person.",
)


def print_validation(table: pl.DataFrame) -> None:
    """Print a row for each figure, then what they mean."""
    header = ["scale", "question", "of", "against", "measure", "value", "interval", "n", "clusters", "note"]
    print_table(header, [_cells(row) for row in table.iter_rows(named=True)])
    print_lines(["", *FOOTER])


def _cells(row: dict[str, object]) -> list[str]:
    interval = "" if row["ci_low"] is None else f"{_number(row['ci_low'])} to {_number(row['ci_high'])}"
    texts = [str(row[name]) for name in ("scale", "question", "of", "against", "measure")]
    return [*texts, _number(row["value"]), interval, str(row["n_sessions"]), str(row["n_clusters"]), str(row["note"])]


def _number(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else ""
