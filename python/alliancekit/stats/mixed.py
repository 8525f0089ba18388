"""A mixed model of the turns: a check of the resampled results by another road, with other assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import _native, schema
from alliancekit.errors import ParameterError
from alliancekit.stats import _frames, labels, mixed_model
from alliancekit.stats.turns import ordered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from numpy.typing import NDArray

COLUMNS: Final = {
    "reference": pl.String,
    schema.SCALE: pl.String,
    "term": pl.String,
    "estimate": pl.Float64,
    "standard_error": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "p_value": pl.Float64,
    "degrees_of_freedom": pl.Float64,
    "n_sessions": pl.Int64,
    "n_clusters": pl.Int64,
    "note": pl.String,
}


def mixed(
    turns: pl.DataFrame | pl.LazyFrame,
    *,
    by: str = schema.CONDITION,
    reference: str | None = None,
    scales: Sequence[str] | None = None,
    confidence: float = 0.95,
) -> pl.DataFrame:
    r"""Fit condition by role by position, with sessions in dyads in therapists, by REML.

    ``score = level_c + gap_c·r + trend_c·x + gap_slope_c·r·x + Σ_l (A_l + D_l·r) + S·r·x + e`` with r = -½ for the
    patient and +½ for the therapist, x = u - ½, c the session's condition, l therapist, patient and session (those
    that the table has and that a finer level does not repeat), S of the session, and all random parts independent
    and normal. So `gap` is the therapist - patient difference at mid-session and `gap_slope` its change per session.

    It assumes what `alliancekit.gap` and `alliancekit.convergence` do not: normal effects, equal variances in all
    conditions, turns that are independent given the random parts (no autocorrelation), a session's weight growing
    with its turns. Agreement with them is reassuring; where the two disagree, believe those. Fitted by the package
    ``mixedlm`` (after Bates et al. 2015, Fitting linear mixed-effects models using lme4, J. Stat. Softw. 67).

    Args:
        turns: Turn scores, not a session table; rows without a score are left out.
        by: Label column of the condition.
        reference: Condition with which the others are compared besides; by default the one with most sessions.
        scales: As for `alliancekit.sessions`.
        confidence: Of the intervals (Student's t; a condition has clusters - 1 degrees of freedom, a difference
            Satterthwaite's).

    Returns:
        One row per condition, scale and term (`level`, `gap`, `trend`, `gap_slope`); then, `reference` not null, the
        differences of `gap` and `gap_slope` from the reference; then, condition null, the standard deviations of the
        random parts, `sd(session gap)` for example. Units of the score, slopes per session length; Float64.

    Raises:
        ModuleNotFoundError: The extra is not installed.
        ColumnError, DataError, RoleError: As `alliancekit.sessions`; DataError too where the fit does not converge.
        ParameterError: `reference` is not a condition, or `confidence` is not between 0 and 1.

    Example:
        >>> import alliancekit as ak
        >>> from alliancekit.stats.mixed import mixed
        >>> from alliancekit.stats.simulate import simulate
        >>> turns = simulate({"anxiety": 40, "grief": 40}, gap={"grief": 0.5}, seed=3)
        >>> table = mixed(turns, scales=["bond"], reference="anxiety")
        >>> table.filter(term="gap").select("condition", "reference", pl.col("estimate").round(1)).rows()
        [('anxiety', None, 0.0), ('grief', None, 0.4), ('grief', 'anxiety', 0.4)]

    """
    lmer = mixed_model.load()
    if not 0 < confidence < 1:
        raise ParameterError(f"confidence must lie between 0 and 1; got {confidence}")
    frame = _frames.lazy(turns)
    columns = frame.collect_schema()
    names = _frames.scale_names(columns, scales)
    labels.require(columns, (schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE, by))
    table = _prepared(frame, columns, names, by)
    counts = _counts(table, by)
    chosen = _reference(counts, by, reference)
    rows = [row for name in names for row in _scale_rows(lmer, table, name, counts, chosen, confidence)]
    return pl.DataFrame(rows, schema={by: pl.String, **COLUMNS}, orient="row")


def _prepared(frame: pl.LazyFrame, columns: pl.Schema, names: Sequence[str], by: str) -> pl.DataFrame:
    """Give the scores with their position, side and the session's labels."""
    kept = [by, *[name for name in mixed_model.LEVELS[:-1] if name in columns]]
    table = ordered(frame, names, tuple(columns)).collect()
    settled = labels.settled(labels.per_session(frame, columns, kept).collect(), kept, kept)
    side = pl.when(pl.col(schema.ROLE) == schema.THERAPIST).then(0.5).otherwise(-0.5)
    return table.join(settled, on=schema.SESSION_ID, how="left", maintain_order="left").with_columns(
        pl.col(by).cast(pl.String), side=side
    )


def _counts(table: pl.DataFrame, by: str) -> pl.DataFrame:
    """Count sessions and clusters of each condition, in the order of their names."""
    levels = [name for name in mixed_model.LEVELS if name in table.columns]
    return (
        table.group_by(by)
        .agg(n_sessions=pl.col(schema.SESSION_ID).n_unique(), n_clusters=pl.col(levels[0]).n_unique())
        .drop_nulls(by)
        .sort(by)
        .cast({"n_sessions": pl.Int64, "n_clusters": pl.Int64})
    )


def _reference(counts: pl.DataFrame, by: str, reference: str | None) -> int:
    """Find the row of the reference condition."""
    if reference is None:
        return int(counts["n_sessions"].arg_max() or 0)
    if reference not in counts[by]:
        raise ParameterError(f"reference {reference!r} is not a value of {by!r}: {', '.join(counts[by])}")
    return counts[by].to_list().index(reference)


def _scale_rows(  # noqa: PLR0913, PLR0917 - what one scale's rows are made of
    lmer: Callable[..., Any], table: pl.DataFrame, scale: str, counts: pl.DataFrame, reference: int, confidence: float
) -> list[tuple[object, ...]]:
    by = counts.columns[0]
    indicators = [(pl.col(by) == name).cast(pl.Float64).alias(f"c{at}") for at, name in enumerate(counts[by])]
    scored = table.filter(pl.col(scale).is_not_null() & pl.col(by).is_not_null())
    scored = scored.with_columns(pl.col(scale).alias("score"), *indicators)
    found = mixed_model.fit(lmer, scored, counts.height, mixed_model.grouping(scored))
    rows = [_row(found, scale, question, counts, confidence) for question in _questions(counts.height, reference)]
    nothing = (None,) * (len(COLUMNS) - 5)
    spread = [(None, None, scale, name, value, *nothing, found.note) for name, value in found.spread.items()]
    return [*rows, *spread]


def _questions(conditions: int, reference: int) -> list[tuple[str, int, int | None]]:
    """List (term, condition, the condition subtracted from it or none)."""
    own = [(term, at, None) for term in mixed_model.TERMS for at in range(conditions)]
    others = [at for at in range(conditions) if at != reference]
    return [*own, *[(term, at, reference) for term in ("gap", "gap_slope") for at in others]]


def _row(
    found: mixed_model.Fit, scale: str, question: tuple[str, int, int | None], counts: pl.DataFrame, confidence: float
) -> tuple[object, ...]:
    term, at, other = question
    label, sessions, clusters = counts.row(at)
    numbers = _estimate(found, question, counts, confidence)
    against = None if other is None else counts.row(other)[0]
    return (label, against, scale, term, *numbers, sessions, clusters, found.note)


def _estimate(
    found: mixed_model.Fit, question: tuple[str, int, int | None], counts: pl.DataFrame, confidence: float
) -> tuple[float, ...]:
    """Give estimate, standard error, interval, p and degrees of freedom."""
    term, at, other = question
    first = list(mixed_model.TERMS).index(term) * counts.height
    weights = np.zeros(len(found.estimate))
    weights[first + at] = 1.0
    if other is not None:
        weights[first + other] = -1.0
    value, variance = float(weights @ found.estimate), float(weights @ found.covariance @ weights)
    freedom = _freedom(weights**2 * np.diag(found.covariance), np.tile(counts["n_clusters"].to_numpy(), 4))
    error = variance**0.5
    half = _native.student_quantile((1 + confidence) / 2, freedom) * error
    return value, error, value - half, value + half, _native.student_p(value / error, freedom), freedom


def _freedom(parts: NDArray[np.float64], clusters: NDArray[np.int64]) -> float:
    """Satterthwaite's degrees of freedom of a sum of independent parts, each from clusters - 1; at least 1."""
    each = np.maximum(clusters - 1, 1)
    return max(float(parts.sum() ** 2 / (parts**2 / each).sum()), 1.0)
