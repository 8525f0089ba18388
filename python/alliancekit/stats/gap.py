"""How far apart the two sides are, per condition and scale, with what certainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from alliancekit import schema
from alliancekit.stats import arguments
from alliancekit.stats.forms import ALL, CHOICES, across_forms
from alliancekit.stats.inference import groups
from alliancekit.stats.inference.clusters import CLUSTER, cell_sums, codes, per_scale, with_clusters
from alliancekit.stats.inference.families import holm_by_family
from alliancekit.stats.inference.onesample import means
from alliancekit.stats.inference.resample import Plan, estimates
from alliancekit.stats.inference.yardstick import known, pooled_sd, ratio, signed_root
from alliancekit.stats.sessions import session_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from alliancekit.stats.inference.onesample import Means
    from alliancekit.stats.inference.resample import Progress

    Floats = NDArray[np.float64]

VALUES: Final = ("gap", "gap_product")
WEIGHTS: Final = ("session", "cluster", "turn")
COLUMNS: Final = (
    schema.SCALE,
    "patient_mean",
    "therapist_mean",
    "gap",
    "ci_low",
    "ci_high",
    "p_value",
    "p_adjusted",
    "effect_size",
    "misalignment",
    "n_sessions",
    "n_clusters",
    "n_turns",
    "note",
    "misalignment_low",
    "misalignment_high",
    "gap_se",
    "effect_size_pooled",
)
_NOT_FLOAT: Final = {schema.SCALE, "n_sessions", "n_clusters", "n_turns", "note"}
DTYPES: Final = {name: pl.Float64 for name in COLUMNS if name not in _NOT_FLOAT} | {"note": pl.String}


def gap(  # noqa: PLR0913 - each is a choice of the analysis
    turns: pl.DataFrame | pl.LazyFrame,
    *,
    by: str | Sequence[str] | None = None,
    scales: Sequence[str] | None = None,
    weight: str = "session",
    form: str = "own",
    resamples: int = 2000,
    seed: int = 0,
    threads: int | None = None,
    confidence: float = 0.95,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Estimate bias and misalignment of each group of sessions.

    Two estimands. **Bias** (`gap`): the mean over sessions of therapist mean - patient mean. **Misalignment**:
    the signed root of the mean over sessions of gap², estimated without the bias of noise as the product of the
    gaps of two separated blocks of turns. An overall gap contains any constant offset between the roles
    (wording of the forms, register): it is relative to the instrument. Contrasts between conditions and slopes
    are not.

    Args:
        turns: Turn scores, or the result of `alliancekit.sessions`.
        by: Label column or columns; a list column puts a session in each of its groups.
        scales: As for `alliancekit.sessions`.
        weight: `session` (each counts the same), `cluster` (each therapist, or patient, or session), or `turn`.
        form: `own`, `patient`, `therapist`: whose wording both roles are compared with, as for
            `alliancekit.sessions`. `all` gives the three side by side, a sensitivity analysis: another form is
            another perspective, not a replication. The table is read once for each; all but `own` need turn
            scores that hold the forms.
        resamples: Bootstrap replicates, and sign patterns where they are not enumerated.
        seed: Of the counter-based generator; the same seed gives the same bits on any number of threads.
        threads: At most this many; by default one per core.
        confidence: Of the intervals.
        progress: Called with (done, of) as turns are read, then between chunks of replicates.

    Returns:
        One row per group and scale.

        - the `by` columns, `scale`, `patient_mean`, `therapist_mean`, `gap` (units of the score);
        - `ci_low`, `ci_high`: studentised cluster bootstrap (Cameron, Gelbach & Miller 2008);
        - `p_value`: the larger of the cluster-level studentised sign-flip's (Canay, Romano & Shaikh 2017) and the
          bootstrap-t's that inverts the interval, so that p and interval agree and skewness does no harm;
        - `p_adjusted`: Holm over scales and groups; `total` is outside of that family and has one of its own;
        - `effect_size`: gap / SD of session gaps in the group; `misalignment` (units of the score, negative
          where the mean product is);
        - `n_sessions`, `n_clusters`, `n_turns`, `note`; then `misalignment_low`, `misalignment_high`, `gap_se`,
          `effect_size_pooled` (gap / pooled SD of session role means, one number for the whole call and scale);
        - with `form="all"`, at the end, `form` and `robust`: all three gaps agree in sign with intervals off zero;
          null where an interval is missing.

        Below 6 clusters intervals and p are null and `note` says so; 6 to 19 are flagged.

    Raises:
        ColumnError, DataError, RoleError, ParameterError: As `alliancekit.sessions`.

    Example:
        >>> import polars as pl, alliancekit as ak
        >>> rows = [(f"s{i}", t, ("patient", "therapist")[t % 2], 0.1 * (t % 2) + 0.01 * ((i * 7 + t * 3) % 11))
        ...         for i in range(8) for t in range(20)]
        >>> turns = pl.DataFrame(rows, schema=["session_id", "turn_index", "role", "bond"], orient="row")
        >>> ak.gap(turns).select("scale", pl.col("gap").round(3), pl.col("p_value").round(4)).row(0)
        ('bond', 0.1, 0.0078)

    """
    arguments.choice("weight", weight, WEIGHTS)
    arguments.choice("form", form, CHOICES)
    plan = Plan(resamples, seed, threads, confidence, progress)
    keys = groups.key_names(by)

    def run(form: str) -> pl.DataFrame:
        return _table(session_table(turns, scales=scales, by=keys, form=form, progress=progress), keys, weight, plan)

    if form == ALL:
        return across_forms(run, keys=(*keys, schema.SCALE), value="gap", low="ci_low", high="ci_high")
    return run(form)


def _table(sessions: pl.DataFrame, keys: Sequence[str], weight: str, plan: Plan) -> pl.DataFrame:
    """Give the result of one form."""
    clustered = with_clusters(sessions)
    names = list(clustered.table[schema.SCALE].unique(maintain_order=True))
    yardsticks = pooled_sd(clustered.table)
    rows = [
        {**label, **row, "effect_size_pooled": ratio(row["gap"], yardsticks[row[schema.SCALE]])}
        for label, part in groups.split(clustered.table, keys)
        for row in _group(part, names, weight, plan)
    ]
    return _finished(rows, keys, clustered.note)


def _group(table: pl.DataFrame, names: Sequence[str], weight: str, plan: Plan) -> list[dict[str, Any]]:
    """Give the rows of one group of sessions."""
    parts = [_paired(part) for part in per_scale(table, names)]
    clusters = codes(parts[0][CLUSTER])
    count = int(clusters.max()) + 1
    found = means(cell_sums(parts, VALUES, clusters, count, weight), plan)
    sides, _ = estimates([cell_sums(parts, ("patient_mean", "therapist_mean"), clusters, count, weight)])
    return [
        _row(part, name, found, at, sides[2 * at : 2 * at + 2])
        for at, (name, part) in enumerate(zip(names, parts, strict=True))
    ]


def _paired(part: pl.DataFrame) -> pl.DataFrame:
    """Take the role means of the sessions that have a gap, so that the gap is their difference."""
    both = pl.col("gap").is_not_null()
    return part.with_columns(pl.when(both).then(pl.col(f"{role}_mean")).alias(f"{role}_mean") for role in schema.ROLES)


def _row(part: pl.DataFrame, scale: str, found: Means, at: int, sides: Floats) -> dict[str, Any]:
    """Give one row of the table; `effect_size_pooled` and `p_adjusted` need all of them."""
    bias, square = len(VALUES) * at, len(VALUES) * at + 1
    scored = part.filter(pl.col("gap").is_not_null())
    spread: Any = scored["gap"].std()  # a float or None; polars says more, for dates
    return {
        schema.SCALE: scale,
        "patient_mean": known(sides[0]),
        "therapist_mean": known(sides[1]),
        "gap": known(found.value[bias]),
        "ci_low": known(found.low[bias]),
        "ci_high": known(found.high[bias]),
        "p_value": known(found.p[bias]),
        "effect_size": ratio(found.value[bias], spread),
        "misalignment": known(signed_root(found.value[square])),
        "n_sessions": scored.height,
        "n_clusters": int(found.clusters[bias]),
        "n_turns": int((scored["n_patient"] + scored["n_therapist"]).sum()),
        "note": found.note(bias),
        "misalignment_low": known(signed_root(found.low[square])),
        "misalignment_high": known(signed_root(found.high[square])),
        "gap_se": known(found.error[bias]),
    }


def _finished(rows: list[dict[str, Any]], keys: Sequence[str], about: str) -> pl.DataFrame:
    """Correct the p-values, order the columns, and say what the clusters are."""
    for row, adjusted in zip(rows, holm_by_family(rows), strict=True):
        row["p_adjusted"] = adjusted
        row["note"] = about if row["note"] is None else f"{row['note']}; {about}"
    return pl.DataFrame(rows, schema_overrides=DTYPES, infer_schema_length=None).select(*keys, *COLUMNS)
