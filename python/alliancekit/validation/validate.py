"""`ak.validate`: inferred scores beside completed ratings."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError
from alliancekit.stats import arguments
from alliancekit.stats.inference.clusters import CLUSTER, codes, with_clusters
from alliancekit.stats.inference.resample import Plan
from alliancekit.stats.sessions import sessions
from alliancekit.validation.calibration import explained, foretold
from alliancekit.validation.drawing import Figure, Measure, figure
from alliancekit.validation.measures import agreement, bias, correlation, slope
from alliancekit.validation.pairing import paired, rating_columns, scales_rated

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SCHEMA: Final = {
    "scale": pl.String,
    "question": pl.String,
    "of": pl.String,
    "against": pl.String,
    "measure": pl.String,
    "value": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "n_sessions": pl.Int64,
    "n_clusters": pl.Int64,
    "note": pl.String,
}

CANDIDATE: Final = "a candidate: unvalidated until such data says otherwise"


def validate(  # noqa: PLR0913 - each is a choice of the analysis, by name
    scores: pl.DataFrame | pl.LazyFrame,
    ratings: pl.DataFrame,
    *,
    columns: Mapping[str, str] | None = None,
    scales: Sequence[str] | None = None,
    one_metric: bool = False,
    resamples: int = 2000,
    seed: int = 0,
    confidence: float = 0.95,
) -> pl.DataFrame:
    """Report, for each scale and at the level of sessions, how inferred scores and completed ratings go together.

    Inferred scores and ratings are never on one metric: they are correlated, and a line from one to the other is
    judged on clusters that it was not fitted to. Agreement is asked only of two ratings, and only if they are of one
    metric.

    Args:
        scores: Scored turns, or a session table as `ak.sessions` gives it.
        ratings: A row for each rated session: `session_id`, and columns of numbers such as `patient_bond` and
            `therapist_bond`, null where nothing was filled in.
        columns: What columns of other names mean: ``{"WAI_C_B": "patient_bond"}``; then only these are taken.
        scales: Scored scales; by default all that the table has. Those without a rating are passed over.
        one_metric: Whether the patient's and the therapist's ratings are of one metric (the same items and answers).
        resamples: Draws of clusters (therapists, else patients, else sessions) for the intervals.
        seed: Start of the draws; the same gives the same intervals.
        confidence: Coverage of the intervals.

    Returns:
        A frame with a row for each figure. `question` is

        - `inferred against rated`: `correlation` of a role's mean score and its own rating; `cross-validated R2` of
          the rating foretold from the score by a line fitted to other clusters (below 0: worse than the mean).
        - `rating against rating` (with `one_metric`): `ICC(A,1)`, `bias` (therapist - patient), `slope` of the
          therapist's on the patient's.
        - `corrective signal`: the therapist's rating beside the alliance inferred from the patient's language:
          `correlation`; and how much that language adds, `gain in R2`, to foretelling the patient's rating from the
          therapist's. A candidate: the note says so.

        `value` with `ci_low` and `ci_high`, percentiles over draws of clusters; null below 6 clusters, with the reason
        in `note`.

    Raises:
        ColumnError: A column is missing or is not of numbers.
        DataError: A session is rated twice, or no rated session is among the scored ones.
        ParameterError: An argument is not allowed, or no scale is both scored and rated.

    Example:
        >>> import polars as pl, alliancekit as ak
        >>> ids = [str(n) for n in range(12) for _ in range(2)]
        >>> turns = pl.DataFrame({
        ...     "session_id": ids, "turn_index": [0, 1] * 12, "role": ["patient", "therapist"] * 12,
        ...     "bond": [n / 10 for n in range(24)],
        ... })
        >>> rated = pl.DataFrame({"session_id": [str(n) for n in range(12)], "patient_bond": range(12)})
        >>> ak.validate(turns, rated).select("measure", pl.col("value").round(6)).row(0)
        ('correlation', 1.0)

    """
    plan = Plan(resamples=resamples, seed=seed, confidence=confidence)
    if schema.SESSION_ID not in ratings.columns:
        raise ColumnError(f"the ratings have no column {schema.SESSION_ID!r}; they have {', '.join(ratings.columns)}")
    table = _sessions(scores, scales)
    rated = rating_columns(ratings, columns)
    known = list(dict.fromkeys(table[schema.SCALE]))
    rows: list[dict[str, object]] = []
    for scale in scales_rated(known, rated):
        rows += _of_scale(with_clusters(paired(table, ratings, rated, scale)).table, scale, plan, one_metric=one_metric)
    return pl.DataFrame(rows, schema=SCHEMA)


def _sessions(scores: pl.DataFrame | pl.LazyFrame, scales: Sequence[str] | None) -> pl.DataFrame:
    frame = arguments.lazy(scores)
    if not arguments.is_session_table(frame.collect_schema()):
        return sessions(frame, scales=scales)
    table = frame.collect()
    return table if scales is None else table.filter(pl.col(schema.SCALE).is_in(list(scales)))


def _of_scale(both: pl.DataFrame, scale: str, plan: Plan, *, one_metric: bool) -> Iterator[dict[str, object]]:
    for role in schema.ROLES:
        yield from _inferred(both, scale, plan, role)
    if one_metric:
        yield from _agreement(both, scale, plan)
    yield from _corrective(both, scale, plan)


def _inferred(both: pl.DataFrame, scale: str, plan: Plan, role: str) -> Iterator[dict[str, object]]:
    known = _complete(both, f"{role}_mean", f"{role}_rating")
    if known.is_empty():
        return
    inferred, rating, clusters = _numbers(known, f"{role}_mean", f"{role}_rating")
    predicted = foretold(inferred[:, None], rating, clusters)
    measures: dict[str, Measure] = {
        "correlation": partial(correlation, x=inferred, y=rating),
        "cross-validated R2": partial(explained, ratings=rating, predicted=predicted),
    }
    names = (f"{role}'s language", f"{role}'s rating")
    yield from _rows(scale, "inferred against rated", names, measures, clusters, plan)


def _agreement(both: pl.DataFrame, scale: str, plan: Plan) -> Iterator[dict[str, object]]:
    known = _complete(both, "patient_rating", "therapist_rating")
    if known.is_empty():
        return
    patient, therapist, clusters = _numbers(known, "patient_rating", "therapist_rating")
    measures: dict[str, Measure] = {
        "ICC(A,1)": partial(agreement, x=patient, y=therapist),
        "bias": partial(bias, x=patient, y=therapist),
        "slope": partial(slope, x=patient, y=therapist),
    }
    names = ("therapist's rating", "patient's rating")
    yield from _rows(scale, "rating against rating", names, measures, clusters, plan)


def _corrective(both: pl.DataFrame, scale: str, plan: Plan) -> Iterator[dict[str, object]]:
    known = _complete(both, "patient_mean", "therapist_rating")
    if known.is_empty():
        return
    language, therapist, clusters = _numbers(known, "patient_mean", "therapist_rating")
    names = ("patient's language", "therapist's rating")
    measures: dict[str, Measure] = {"correlation": partial(correlation, x=language, y=therapist)}
    yield from _rows(scale, "corrective signal", names, measures, clusters, plan, note=CANDIDATE)
    rated = _complete(known, "patient_rating")
    if rated.is_empty():
        return
    language, therapist, clusters = _numbers(rated, "patient_mean", "therapist_rating")
    rating = rated["patient_rating"].to_numpy()
    alone = foretold(therapist[:, None], rating, clusters)
    beside = foretold(np.column_stack([therapist, language]), rating, clusters)
    gain: dict[str, Measure] = {
        "gain in R2": lambda w: explained(w, rating, beside) - explained(w, rating, alone),
    }
    names = ("patient's language beside therapist's rating", "patient's rating")
    yield from _rows(scale, "corrective signal", names, gain, clusters, plan, note=CANDIDATE)


def _complete(both: pl.DataFrame, *names: str) -> pl.DataFrame:
    return both.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in names))


def _numbers(known: pl.DataFrame, x: str, y: str) -> tuple[Floats, Floats, NDArray[np.uint32]]:
    return known[x].to_numpy(), known[y].to_numpy(), codes(known[CLUSTER])


def _rows(  # noqa: PLR0913, PLR0917 - what a row is made of
    scale: str,
    question: str,
    names: tuple[str, str],
    measures: Mapping[str, Measure],
    clusters: NDArray[np.uint32],
    plan: Plan,
    *,
    note: str = "",
) -> Iterator[dict[str, object]]:
    for name, measure in measures.items():
        found: Figure = figure(measure, clusters, plan)
        yield {
            "scale": scale,
            "question": question,
            "of": names[0],
            "against": names[1],
            "measure": name,
            "value": found.value,
            "ci_low": found.low,
            "ci_high": found.high,
            "n_sessions": len(clusters),
            "n_clusters": int(clusters.max()) + 1,
            "note": "; ".join(part for part in (note, found.note) if part),
        }
