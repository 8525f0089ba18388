"""One row per session and scale: what each side scored, the gap, how it moves, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit import schema
from alliancekit.errors import ColumnError, DataError, ParameterError
from alliancekit.stats import arguments
from alliancekit.stats.reduction import labels
from alliancekit.stats.reduction.numbers import require_numbers
from alliancekit.stats.reduction.reduce import Choices, reduce
from alliancekit.stats.reduction.table import FIRST, MORE, session_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.stats.inference.resample import Progress

__all__ = ["FIRST", "MORE", "session_table", "sessions"]


def sessions(  # noqa: PLR0913 - each is a choice of the analysis, by name
    turns: pl.DataFrame | pl.LazyFrame,
    *,
    scales: Sequence[str] | None = None,
    min_tokens: int | None = None,
    weight: str = "turn",
    form: str = "own",
    by: Sequence[str] = (),
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Reduce scored turns to one row per session and scale.

    Args:
        turns: A table with `session_id`, `turn_index`, `role` (`patient` or `therapist`) and a float column per
            scale, null where a turn has no score. Read once, in batches, from a DataFrame or LazyFrame (which is never
            held whole), where each session's turns stand together; else twice, and held.
        scales: Score columns; by default those of `task`, `bond`, `goal`, `total` that the table has.
        min_tokens: Leave out the scores of shorter turns (`n_tokens` is needed); they keep their place in time.
        weight: `turn` (each turn counts the same) or `token` (each as much as it is long; a turn without tokens is
            not scored).
        form: `own`, `patient` or `therapist`: whose wording both roles are compared with. The latter two need
            the columns `<scale>_patient_form` or `<scale>_therapist_form`.
        by: Labels that must be constant within a session, besides the known ones.
        progress: Called with (turns read, of) after each half million.

    Returns:
        A frame sorted by session, scales in the given order. Scores are in units of the scale, Float64.

        - `patient_mean`, `therapist_mean`, `gap` = therapist - patient; `n_patient`, `n_therapist` scored turns.
        - `patient_slope`, `therapist_slope`: least-squares change over the whole session (u from 0 to 1; u is a
          turn's rank among all turns of the session over their number less one); `gap_slope` their difference b
          and `gap_mid` the gap of the two lines at u = .5, a: gap(u) = a + b(u - .5); `gap_start`, `gap_end`.
        - `congruence`: correlation of a patient's turn and the therapist's answer, both without linear trend.
        - `reason`: why a value is null; null where nothing is missing.
        - `gap_outer`, `gap_inner`: the gap from u outside of [.2, .8] and from u within (.3, .7). Their product
          `gap_product` estimates gap² without the bias of noise, and a linear drift does not move it.
        - `gap_product_early`: likewise of the gaps from u in [0, .2) and [.25, .45); `gap_product_late` of those
          from u in (.55, .75] and (.8, 1]. Null where a role has no scored turn in a block.
        - `patient_se`, `therapist_se`: standard errors of the means, allowing for autocorrelation of turns (one
          AR(1) coefficient per role and scale, from the whole table); `gap_se` allows besides for how far the two
          sides of an exchange go together (one correlation per scale, likewise).
        - `patient_reliability`, `therapist_reliability`, `gap_reliability`: split-half (outer and inner block),
          stepped up to the whole session by Spearman-Brown; a property of the table, the same in every row. Null
          below 6 sessions and where a half does not vary; negative where the halves disagree, which means none.
        - `gap_shrunken`, `shrunken_low`, `shrunken_high`: the empirical-Bayes gap with its 95 % interval; use
          these and not `gap` wherever sessions are ranked. Null without `gap_se`, and below 3 sessions that have it.
        - `talk_share`, `token_share`: the patient's share of turns and of tokens; `truncated_share` of turns. Null
          where the table has no `n_tokens` or `truncated`.
        - `n_exchanges`; `cov_pt`, `var_p`, `var_t`: exchanges, and the sums that congruence is made of.
        - the labels: every further column that is constant in each session.

    Raises:
        ColumnError: A column is missing, or is not of numbers.
        DataError: A `session_id` or `turn_index` is null, a `turn_index` repeats, a score is NaN or infinite, or a
            label varies within a session.
        RoleError: A role is neither `patient` nor `therapist`.
        ParameterError: An argument is not allowed.

    Example:
        >>> import polars as pl, alliancekit as ak
        >>> turns = pl.DataFrame({
        ...     "session_id": ["a"] * 4, "turn_index": [0, 1, 2, 3],
        ...     "role": ["patient", "therapist"] * 2, "bond": [0.1, 0.4, 0.3, 0.4],
        ... })
        >>> ak.sessions(turns).select("scale", "patient_mean", "therapist_mean", "gap").row(0)
        ('bond', 0.2, 0.4, 0.2)

    """
    frame = arguments.lazy(turns)
    columns = frame.collect_schema()
    names = arguments.scale_names(columns, scales)
    _check_arguments(columns, weight=weight, min_tokens=min_tokens, form=form, by=by)
    if form != "own":
        frame, columns = _in_form(frame, columns, names, form)
    _check_columns(columns, names)
    others = labels.candidates(columns, names)
    choices = Choices(names, others, by, weight, min_tokens)
    reduced = reduce(frame, choices, progress)
    return session_rows(reduced.sums, names, labels.settled(reduced.labels, others, by))


def session_table(
    turns: pl.DataFrame | pl.LazyFrame,
    *,
    scales: Sequence[str] | None = None,
    by: Sequence[str] = (),
    form: str = "own",
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Give the session table itself where `turns` already is one, else make it in that form."""
    frame = arguments.lazy(turns)
    columns = frame.collect_schema()
    if not arguments.is_session_table(columns):
        return sessions(turns, scales=scales, by=by, form=form, progress=progress)
    if form != "own":
        raise ParameterError(
            f"a session table holds one form only, so form={form!r} can't be taken from it: pass the turn scores, "
            'scored with forms="all" (--forms all)'
        )
    labels.require(columns, by)
    table = frame.collect()
    twice = table.select(schema.SESSION_ID, schema.SCALE).is_duplicated()
    if twice.any():
        session, scale = table.filter(twice).select(schema.SESSION_ID, schema.SCALE).row(0)
        raise DataError(f"the session table has session {session!r} twice on the scale {scale!r}")
    if scales is None:
        return table
    missing = set(scales).difference(table[schema.SCALE].unique())
    if missing:
        raise ParameterError(f"the session table has no scale {', '.join(sorted(missing))}")
    return table.filter(pl.col(schema.SCALE).is_in(list(scales)))


def _check_arguments(columns: pl.Schema, *, weight: str, min_tokens: int | None, form: str, by: Sequence[str]) -> None:
    arguments.choice("weight", weight, ("turn", "token"))
    arguments.choice("form", form, ("own", *schema.ROLES))
    labels.require(columns, (schema.SESSION_ID, schema.TURN_INDEX, schema.ROLE, *by))
    if weight == "token" or min_tokens is not None:
        labels.require(columns, (schema.N_TOKENS,))


def _check_columns(columns: pl.Schema, names: Sequence[str]) -> None:
    optional = [name for name in (schema.N_TOKENS, schema.TRUNCATED) if name in columns]
    require_numbers(columns, (*names, *optional))
    role = columns[schema.ROLE]
    if role not in (pl.String, pl.Categorical, pl.Enum, pl.Null):
        raise ColumnError(f"column {schema.ROLE!r} holds {role}; roles are the words {' and '.join(schema.ROLES)}")


def _in_form(
    frame: pl.LazyFrame, columns: pl.Schema, names: Sequence[str], form: str
) -> tuple[pl.LazyFrame, pl.Schema]:
    """Put the scores of one form in the scales' own columns."""
    sources = {name: schema.form_column(name, form) for name in names}
    lacking = [source for source in sources.values() if source not in columns]
    if lacking:
        raise ColumnError(
            f"form={form!r} needs the columns {', '.join(lacking)}, which the table lacks: "
            'score with forms="all" (--forms all)'
        )
    frame = frame.with_columns(pl.col(source).alias(name) for name, source in sources.items())
    return frame, frame.collect_schema()
