"""Which columns leave the house: scores, numbers, ids and labels, and never what may be talk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.labels import is_label
from alliancekit.stats import sessions as sessions_of
from alliancekit.stats.reduction.labels import KNOWN
from alliancekit.stats.sessions import FIRST, MORE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.stats.inference.resample import Progress

OF_TURNS: Final = (schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE)
MEASURED: Final = (schema.START_S, schema.END_S, schema.N_TOKENS, schema.TRUNCATED)
BETWEEN: Final = "; "
"""What stands between the labels of a list, in formats that hold no lists."""


@dataclass(frozen=True, slots=True)
class Tidy:
    """A table to be exported, and the columns of the source that it leaves out."""

    table: pl.DataFrame
    left_out: Sequence[str] = ()


def tidy_turns(turns: pl.LazyFrame, scales: Sequence[str], *, progress: Progress | None = None) -> Tidy:
    """Give a row per turn: ids, labels of the session, counts, and the scores in every form that there is.

    A column of words is kept if it is a label: constant in each session, short, without the marks of a sentence. Any
    other may be somebody's talk. The text is never among them.
    """
    sessions = sessions_of(turns, scales=list(scales), progress=progress)
    kept, _ = _labels(sessions)
    columns = turns.collect_schema()
    forms = [schema.form_column(scale, role) for scale in scales for role in schema.ROLES]
    names = [*OF_TURNS, *kept, *MEASURED, *scales, *forms]
    table = turns.select(name for name in dict.fromkeys(names) if name in columns).collect()
    dropped = [name for name in columns if name not in table.columns]
    return Tidy(_flat(table.sort(schema.SESSION_ID, schema.TURN_INDEX)), dropped)


def tidy_sessions(sessions: pl.DataFrame) -> Tidy:
    """Give a row per session and scale, with the labels that `tidy_turns` keeps."""
    kept, left_out = _labels(sessions)
    own = [name for name in sessions.columns if name in (*FIRST, *MORE)]
    return Tidy(_flat(sessions.select(*own, *kept)), left_out)


def tidy_result(table: pl.DataFrame) -> Tidy:
    """Give a result of the statistics, which has nothing but labels and numbers."""
    return Tidy(_flat(table))


def _labels(sessions: pl.DataFrame) -> tuple[list[str], list[str]]:
    """Sort the labels of sessions into those kept and those left out."""
    others = [name for name in sessions.columns if name not in (*FIRST, *MORE)]
    kept = [name for name in others if name in KNOWN or _is_label(sessions[name])]
    return kept, [name for name in others if name not in kept]


def _is_label(column: pl.Series) -> bool:
    values = column.explode() if column.dtype == pl.List else column
    if values.dtype not in (pl.String, pl.Categorical, pl.Enum):
        return True
    return all(is_label(str(value)) for value in values.unique().drop_nulls())


def _flat(table: pl.DataFrame) -> pl.DataFrame:
    """Write lists of labels as words, so that every format can hold them."""
    lists = [name for name, dtype in table.schema.items() if dtype == pl.List]
    return table.with_columns(pl.col(name).cast(pl.List(pl.String)).list.join(BETWEEN) for name in lists)
