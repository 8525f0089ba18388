"""Which result a table is: told by its columns, so that a frame needs nothing besides itself."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from alliancekit import schema
from alliancekit.errors import DataError

if TYPE_CHECKING:
    import polars as pl


class Kind(StrEnum):
    """A result of the function of this name; `effects` and `variances` are those of the mixed model."""

    SESSIONS = "sessions"
    GAP = "gap"
    COMPARE = "compare"
    TRAJECTORIES = "trajectories"
    CONVERGENCE = "convergence"
    EFFECTS = "effects"
    VARIANCES = "variances"


MARKS: Final = {
    Kind.COMPARE: (schema.SCALE, "target", "reference", "measure", "difference"),
    Kind.CONVERGENCE: (schema.SCALE, "closing_rate", "verdict"),
    Kind.TRAJECTORIES: (schema.SCALE, schema.ROLE, "u", "mean", "band_low"),
    Kind.SESSIONS: (schema.SESSION_ID, schema.SCALE, "gap", "gap_shrunken"),
    Kind.GAP: (schema.SCALE, "patient_mean", "therapist_mean", "gap", "misalignment"),
    Kind.EFFECTS: (schema.SCALE, "term", "estimate", "std_error"),
    Kind.VARIANCES: (schema.SCALE, "level", "term", "variance"),
}
"""The columns that each result has, and no result before it."""


def kind_of(table: pl.DataFrame) -> Kind:
    """Tell which result a table is.

    Raises:
        DataError: it is none.

    >>> import polars as pl
    >>> kind_of(pl.DataFrame({"scale": ["task"], "closing_rate": [0.1], "verdict": ["no evidence"]})).value
    'convergence'

    """
    for kind, columns in MARKS.items():
        if all(name in table.columns for name in columns):
            return kind
    names = ", ".join(Kind)
    raise DataError(f"the table is no result of alliancekit ({names}): it lacks the columns that these have.")


def groups_of(table: pl.DataFrame) -> list[str]:
    """Give the label columns that a result is grouped by: those before the scale; none in results without groups.

    >>> import polars as pl
    >>> columns = ["condition", "scale", "closing_rate", "verdict"]
    >>> groups_of(pl.DataFrame({name: [] for name in columns}))
    ['condition']

    """
    grouped = (Kind.GAP, Kind.TRAJECTORIES, Kind.CONVERGENCE)
    return table.columns[: table.columns.index(schema.SCALE)] if kind_of(table) in grouped else []
