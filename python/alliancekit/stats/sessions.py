"""One row per session and scale: what each side scored, the gap, how it moves, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import DataError, ParameterError, RoleError
from alliancekit.stats import arguments
from alliancekit.stats.reduction import labels
from alliancekit.stats.reduction.congruence import congruence, detrended_products
from alliancekit.stats.reduction.lines import role_table
from alliancekit.stats.reduction.reasons import reason
from alliancekit.stats.reduction.reliability import with_reliability
from alliancekit.stats.reduction.shrinkage import with_shrunken
from alliancekit.stats.reduction.turns import ordered, summed, weighted

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST: Final = (
    schema.SESSION_ID,
    schema.SCALE,
    "patient_mean",
    "therapist_mean",
    "gap",
    "n_patient",
    "n_therapist",
    "patient_slope",
    "therapist_slope",
    "gap_slope",
    "congruence",
    "reason",
)
MORE: Final = (
    "gap_mid",
    "gap_start",
    "gap_end",
    "gap_outer",
    "gap_inner",
    "gap_product",
    "patient_se",
    "therapist_se",
    "gap_se",
    "patient_reliability",
    "therapist_reliability",
    "gap_reliability",
    "gap_shrunken",
    "shrunken_low",
    "shrunken_high",
    "talk_share",
    "token_share",
    "truncated_share",
    "n_exchanges",
    "cov_pt",
    "var_p",
    "var_t",
)


def sessions(  # noqa: PLR0913 - each is a choice of the analysis, by name
    turns: pl.DataFrame | pl.LazyFrame,
    *,
    scales: Sequence[str] | None = None,
    min_tokens: int | None = None,
    weight: str = "turn",
    form: str = "own",
    by: Sequence[str] = (),
) -> pl.DataFrame:
    """Reduce scored turns to one row per session and scale.

    Args:
        turns: A table with `session_id`, `turn_index`, `role` (`patient` or `therapist`) and a float column per
            scale, null where a turn has no score. A LazyFrame is read once.
        scales: Score columns; by default those of `task`, `bond`, `goal`, `total` that the table has.
        min_tokens: Leave out the scores of shorter turns (`n_tokens` is needed); they keep their place in time.
        weight: `turn` (each turn counts the same) or `token` (each as much as it is long).
        form: `own`, `patient` or `therapist`: whose wording both roles are compared with. The latter two need
            the columns `<scale>_patient_form` or `<scale>_therapist_form`.
        by: Labels that must be constant within a session, besides the known ones.

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
        - `patient_se`, `therapist_se`, `gap_se`: standard errors of the means, allowing for autocorrelation of
          turns (one AR(1) coefficient per role and scale, from the whole table).
        - `patient_reliability`, `therapist_reliability`, `gap_reliability`: split-half (those two blocks),
          stepped up to the whole session by Spearman-Brown; a property of the table, the same in every row.
        - `gap_shrunken`, `shrunken_low`, `shrunken_high`: the empirical-Bayes gap with its 95 % interval; use
          these and not `gap` wherever sessions are ranked.
        - `talk_share`, `token_share`: the patient's share of turns and of tokens; `truncated_share` of turns.
        - the labels: every further column that is constant in each session.

    Raises:
        ColumnError: A column is missing.
        DataError: A `turn_index` repeats, a score is NaN or infinite, or a label varies within a session.
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
    others = labels.candidates(columns, names)
    prepared = weighted(ordered(frame, names, columns.names()), names, weight=weight, min_tokens=min_tokens)
    sums, label_table = pl.collect_all(
        [summed(prepared, names, columns.names()), labels.per_session(frame, columns, others)]
    )
    _check_sums(sums, names)
    label_table = labels.settled(label_table, others, by)
    return _assemble(sums, names, label_table)


def session_table(
    turns: pl.DataFrame | pl.LazyFrame, *, scales: Sequence[str] | None = None, by: Sequence[str] = ()
) -> pl.DataFrame:
    """Give the session table itself where `turns` already is one, else make it."""
    frame = arguments.lazy(turns)
    columns = frame.collect_schema()
    if not arguments.is_session_table(columns):
        return sessions(turns, scales=scales, by=by)
    labels.require(columns, by)
    table = frame.collect()
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


def _in_form(
    frame: pl.LazyFrame, columns: pl.Schema, names: Sequence[str], form: str
) -> tuple[pl.LazyFrame, pl.Schema]:
    """Put the scores of one form in the scales' own columns."""
    sources = {name: schema.form_column(name, form) for name in names}
    labels.require(columns, list(sources.values()))
    frame = frame.with_columns(pl.col(source).alias(name) for name, source in sources.items())
    return frame, frame.collect_schema()


def _check_sums(sums: pl.DataFrame, names: Sequence[str]) -> None:
    unknown = sums.filter(~pl.col(schema.ROLE).is_in(schema.ROLES) | pl.col(schema.ROLE).is_null())
    if unknown.height:
        session, role = unknown.select(schema.SESSION_ID, schema.ROLE).row(0)
        raise RoleError(f"session {session!r} has the role {role!r}; roles are patient and therapist")
    repeated = sums.filter(pl.col("duplicates") > 0)
    if repeated.height:
        raise DataError(f"session {repeated[schema.SESSION_ID][0]!r} has a turn_index twice")
    for name in names:
        bad = sums.filter(pl.col(f"{name}:not_finite") > 0)
        if bad.height:
            session = bad[schema.SESSION_ID][0]
            raise DataError(f"column {name!r} has NaN or infinity in session {session!r}; use null for no score")


def _assemble(sums: pl.DataFrame, names: Sequence[str], label_table: pl.DataFrame) -> pl.DataFrame:
    shares = _shares(sums)
    base = label_table.join(shares, on=schema.SESSION_ID, how="left", maintain_order="left")
    order = pl.Enum(names)
    tables = [_scale_table(sums, name, base).with_columns(scale=pl.lit(name, dtype=order)) for name in names]
    table = pl.concat(tables).sort(schema.SESSION_ID, schema.SCALE).with_columns(pl.col(schema.SCALE).cast(pl.String))
    kept = [name for name in label_table.columns if name not in (*FIRST, *MORE)]
    return table.select(*FIRST, *MORE, *kept)


def _scale_table(sums: pl.DataFrame, name: str, base: pl.DataFrame) -> pl.DataFrame:
    table = base
    for role in schema.ROLES:
        side = role_table(sums.filter(pl.col(schema.ROLE) == role), name)
        kept = ["mean", "n", "slope", "mid", "se", "outer", "inner"]
        side = (
            side.select(schema.SESSION_ID, *[pl.col(one).alias(f"{role}_{one}") for one in kept], pl.col("^pair_.*$"))
            if role == schema.THERAPIST
            else side.select(schema.SESSION_ID, *[pl.col(one).alias(f"{role}_{one}") for one in kept])
        )
        table = table.join(side, on=schema.SESSION_ID, how="left", maintain_order="left")
    return _with_gap(table)


def _with_gap(table: pl.DataFrame) -> pl.DataFrame:
    def difference(name: str) -> pl.Expr:
        return pl.col(f"therapist_{name}") - pl.col(f"patient_{name}")

    table = (
        table.with_columns(
            gap=difference("mean"),
            gap_slope=difference("slope"),
            gap_mid=difference("mid"),
            gap_outer=difference("outer"),
            gap_inner=difference("inner"),
            gap_se=(pl.col("patient_se").pow(2) + pl.col("therapist_se").pow(2)).sqrt(),
            n_patient=pl.col("patient_n").fill_null(0).cast(pl.UInt32),
            n_therapist=pl.col("therapist_n").fill_null(0).cast(pl.UInt32),
            n_exchanges=pl.col("pair_m").fill_null(0).cast(pl.UInt32),
            **detrended_products(),
        )
        .with_columns(
            gap_start=pl.col("gap_mid") - pl.col("gap_slope") / 2,
            gap_end=pl.col("gap_mid") + pl.col("gap_slope") / 2,
            gap_product=pl.col("gap_outer") * pl.col("gap_inner"),
            congruence=congruence(),
        )
        .with_columns(reason=reason())
    )
    return with_shrunken(with_reliability(table))


def _shares(sums: pl.DataFrame) -> pl.DataFrame:
    """Give the patient's share of turns and tokens, and the share of truncated turns, per session."""
    of_patient = pl.col(schema.ROLE) == schema.PATIENT

    def share(name: str) -> pl.Expr:
        if name not in sums.columns:
            return pl.lit(None, dtype=pl.Float64)
        whole = pl.col(name).sum()
        return pl.when(whole > 0).then(pl.col(name).filter(of_patient).sum() / whole)

    truncated = (
        pl.col("truncated").sum() / pl.col("turns").sum()
        if "truncated" in sums.columns
        else pl.lit(None, dtype=pl.Float64)
    )
    return sums.group_by(schema.SESSION_ID, maintain_order=True).agg(
        talk_share=share("turns"), token_share=share("tokens"), truncated_share=truncated
    )
