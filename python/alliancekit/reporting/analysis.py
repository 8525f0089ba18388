"""Every statistic of a report, computed by the functions that users call themselves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError, ParameterError
from alliancekit.reporting.coverage import Coverage, coverage
from alliancekit.stats import arguments, compare, convergence, gap, trajectories
from alliancekit.stats.sessions import session_table

if TYPE_CHECKING:
    from alliancekit.reporting.choices import Choices


@dataclass(frozen=True, slots=True)
class Analysis:
    """The tables of a report; None where the data does not allow one, and `absent` says why, by the table's name.

    Attributes:
        scales: in their order.
        by: the label column; None without conditions.
        sessions: of `alliancekit.sessions`.
        overall: of `alliancekit.gap` over all sessions, with `form` and `robust` where the scores hold all forms.
        by_condition: of `alliancekit.gap` by condition.
        contrast: of `alliancekit.compare`.
        trajectories: of `alliancekit.trajectories`, by condition where there are conditions.
        convergence: of `alliancekit.convergence`, likewise.
        coverage: counts.
        absent: why a table is None, in words.

    """

    scales: tuple[str, ...]
    by: str | None
    sessions: pl.DataFrame
    overall: pl.DataFrame
    by_condition: pl.DataFrame | None
    contrast: pl.DataFrame | None
    trajectories: pl.DataFrame | None
    convergence: pl.DataFrame
    coverage: Coverage
    absent: dict[str, str]

    @property
    def own(self) -> pl.DataFrame:
        """The overall gap in each speaker's own wording."""
        return self.overall.filter(pl.col("form") == "own") if "form" in self.overall.columns else self.overall


def analyse(turns: pl.DataFrame | pl.LazyFrame, choices: Choices) -> Analysis:
    """Compute every table of a report.

    The session table is made once, and what it suffices for is made from it: the numbers are the same.

    Raises:
        AllianceError: As the functions of `alliancekit.stats`; ColumnError where `by` is missing and was named.

    """
    frame = arguments.lazy(turns)
    columns = frame.collect_schema()
    only_sessions = arguments.is_session_table(columns)
    by = _label(columns, choices.by)
    if choices.target is not None and by is None:
        raise ColumnError(f"there is no column '{choices.by}', so no condition can be the target. Name it with by=.")
    sessions = session_table(frame, scales=choices.scales, by=[by] if by else [])
    if sessions.is_empty():
        raise DataError("the table has no rows")
    scales = tuple(dict.fromkeys(sessions[schema.SCALE].to_list()))
    absent: dict[str, str] = {}
    source = None if only_sessions else frame
    return Analysis(
        scales=scales,
        by=by,
        sessions=sessions,
        overall=_overall(source, sessions, scales, choices, absent),
        by_condition=_by_condition(sessions, by, choices, absent),
        contrast=_contrast(sessions, by, choices, absent),
        trajectories=_trajectories(source, scales, by, choices, absent),
        convergence=convergence(sessions, by=by, margin=choices.margin, coupling=False, **_plan(choices)),
        coverage=coverage(source, sessions, scales, by),
        absent=absent,
    )


def _label(columns: pl.Schema, by: str | None) -> str | None:
    """Give the label column; the default one may be missing."""
    if by is None or by in columns:
        return by
    if by == schema.CONDITION:
        return None
    raise ColumnError(f"there is no column {by!r}; the table has {', '.join(sorted(columns))}")


def _plan(choices: Choices) -> dict[str, Any]:
    names = ("resamples", "seed", "threads", "confidence", "progress")
    return {name: getattr(choices, name) for name in names}


def _overall(
    turns: pl.LazyFrame | None,
    sessions: pl.DataFrame,
    scales: tuple[str, ...],
    choices: Choices,
    absent: dict[str, str],
) -> pl.DataFrame:
    if turns is None:
        absent["forms"] = "A session table holds one form only; the three forms need the turn scores."
    elif _holds_forms(turns.collect_schema(), scales):
        return gap(turns, scales=scales, form="all", **_plan(choices))
    else:
        absent["forms"] = "The scores hold each speaker's own form only; score with --forms all for the three."
    return gap(sessions, **_plan(choices))


def _holds_forms(columns: pl.Schema, scales: tuple[str, ...]) -> bool:
    return all(schema.form_column(scale, role) in columns for scale in scales for role in schema.ROLES)


def _by_condition(
    sessions: pl.DataFrame, by: str | None, choices: Choices, absent: dict[str, str]
) -> pl.DataFrame | None:
    if by is None:
        absent["by_condition"] = "The scores have no conditions: no column 'condition', and no other was named."
        return None
    return gap(sessions, by=by, **_plan(choices))


def _contrast(sessions: pl.DataFrame, by: str | None, choices: Choices, absent: dict[str, str]) -> pl.DataFrame | None:
    if by is None or choices.target is None:
        absent["contrast"] = "No condition was named as the target, so none is compared with the others."
        return None
    if _labels(sessions[by]).n_unique() == 1:
        absent["contrast"] = "All sessions have one condition; there is nothing to compare it with."
        return None
    return compare(sessions, by=by, target=choices.target, largest=True, **_plan(choices))


def _labels(column: pl.Series) -> pl.Series:
    return (column.explode() if column.dtype == pl.List else column).drop_nulls()


def _trajectories(
    turns: pl.LazyFrame | None, scales: tuple[str, ...], by: str | None, choices: Choices, absent: dict[str, str]
) -> pl.DataFrame | None:
    if turns is None:
        absent["trajectories"] = "A session table no longer has the turns, so there are no curves within the session."
        return None
    return trajectories(turns, by=by, bins=choices.bins, scales=scales, **_plan(choices))


def check(choices: Choices) -> None:
    """Refuse choices that exclude each other, before the work begins.

    Raises:
        ParameterError: they do.

    """
    if choices.quotes and choices.suppress_small_cells:
        raise ParameterError("quotes show single sessions, which are small cells: ask for one of the two.")
    if choices.minimum_turns < 1 or choices.most_sessions < 1:
        raise ParameterError("minimum_turns and most_sessions must be at least 1.")
