"""Which sessions have which condition: one label each, a list of labels, or a Boolean column for each condition."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from alliancekit.errors import ColumnError
from alliancekit.stats.sessions import FIRST, MORE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Conditions:
    """For each condition, in sorted order, the sessions that have it, and those of which nobody knows."""

    has: Mapping[str, Mask]
    unknown: Mapping[str, Mask]


def conditions(sessions: pl.DataFrame, by: Sequence[str]) -> Conditions:
    """Read the labels of a table with one row per session."""
    for name in by:
        if name not in sessions.columns or name in (*FIRST, *MORE):
            raise ColumnError(
                f"'{name}' is not a label of the sessions, so conditions can't be told by it. Compare by a column "
                "that is the same in all turns of a session, such as condition."
            )
    if by and all(sessions.schema[name] == pl.Boolean for name in by):
        return _of_booleans(sessions, by)
    if len(by) != 1:
        raise ColumnError(
            f"by takes one label column, one column of lists of labels, or several Boolean columns; got {len(by)} "
            f"columns of the types {', '.join(str(sessions.schema[name]) for name in by)}"
        )
    labels = sessions[by[0]]
    return _of_lists(labels) if labels.dtype == pl.List else _of_labels(labels.cast(pl.String))


def _of_booleans(sessions: pl.DataFrame, by: Sequence[str]) -> Conditions:
    columns = {name: sessions[name] for name in sorted(by)}
    return Conditions(
        {name: column.fill_null(value=False).to_numpy() for name, column in columns.items()},
        {name: column.is_null().to_numpy() for name, column in columns.items()},
    )


def _of_labels(labels: pl.Series) -> Conditions:
    names = labels.drop_nulls().unique().sort()
    codes = labels.replace_strict(names, range(len(names)), default=-1, return_dtype=pl.Int64).to_numpy()
    return _shared({name: codes == code for code, name in enumerate(names)}, labels)


def _of_lists(labels: pl.Series) -> Conditions:
    texts = labels.cast(pl.List(pl.String))
    names = texts.explode(keep_nulls=False, empty_as_null=False).drop_nulls().unique().sort()
    return _shared({name: texts.list.contains(name).fill_null(value=False).to_numpy() for name in names}, labels)


def _shared(has: dict[str, Mask], labels: pl.Series) -> Conditions:
    """Share one mask: a session without a label may have any of them."""
    unknown = labels.is_null().to_numpy()
    return Conditions(has, dict.fromkeys(has, unknown))
