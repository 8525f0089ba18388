"""Whether the gap closes within the session, per condition and scale, and whether the two sides move together."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ParameterError
from alliancekit.stats import arguments
from alliancekit.stats.closing.group import Margin, closing_rows
from alliancekit.stats.closing.misalignment import with_decline
from alliancekit.stats.closing.rate import VALUES
from alliancekit.stats.closing.verdict import adjusted, verdict
from alliancekit.stats.coupling.group import coupling_rows, no_coupling
from alliancekit.stats.coupling.series import exchanges
from alliancekit.stats.forms import ALL, CHOICES, across_forms
from alliancekit.stats.gap import WEIGHTS
from alliancekit.stats.inference import groups
from alliancekit.stats.inference.clusters import CLUSTER, codes, per_scale, with_clusters
from alliancekit.stats.inference.resample import Plan
from alliancekit.stats.inference.yardstick import pooled_sd
from alliancekit.stats.reduction.labels import require
from alliancekit.stats.sessions import session_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from alliancekit.stats.coupling.series import Series
    from alliancekit.stats.inference.resample import Progress

COLUMNS: Final = (
    schema.SCALE,
    "closing_rate",
    "ci_low",
    "ci_high",
    "p_value",
    "p_adjusted",
    "verdict",
    "n_sessions",
    "n_clusters",
    "note",
    "gap_mid",
    "gap_mid_low",
    "gap_mid_high",
    "gap_start",
    "gap_end",
    "gap_slope",
    "gap_slope_low",
    "gap_slope_high",
    "closing_rate_se",
    "margin",
    "p_equivalence",
    "p_equivalence_adjusted",
    "effect_size",
    "coupling",
    "coupling_low",
    "coupling_high",
    "coupling_p_value",
    "coupling_p_adjusted",
    "n_coupled",
    "misalignment_early",
    "misalignment_late",
    "misalignment_decline",
    "misalignment_decline_low",
    "misalignment_decline_high",
    "misalignment_decline_p_value",
    "coupling_mismatched",
)
CORRECTED: Final = {
    "p_value": "p_adjusted",
    "p_equivalence": "p_equivalence_adjusted",
    "coupling_p_value": "coupling_p_adjusted",
}
_WORDS: Final = (schema.SCALE, "verdict", "note")
_COUNTS: Final = ("n_sessions", "n_clusters", "n_coupled")
DTYPES: Final = {name: pl.String if name in _WORDS else pl.Int64 if name in _COUNTS else pl.Float64 for name in COLUMNS}


def convergence(  # noqa: PLR0913 - each is a choice of the analysis
    turns: pl.DataFrame | pl.LazyFrame,
    *,
    by: str | Sequence[str] | None = None,
    margin: float = 0.2,
    coupling: bool = True,
    scales: Sequence[str] | None = None,
    weight: str = "session",
    form: str = "own",
    resamples: int = 2000,
    seed: int = 0,
    threads: int | None = None,
    confidence: float = 0.95,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Estimate how fast the gap of each group of sessions closes, with a verdict.

    **Closing rate.** In each session the gap is a line over normalised position, gap(u) = a + b(u - .5). The closing
    rate is -mean(b) · sign(mean(a)): score per session length, positive where the two sides come closer. A smaller
    last gap is not convergence (regression to the mean and noise shrink |gap| by themselves), nor are shuffled turns
    a null (slopes differ between sessions, and turns depend on each other): sessions' slopes are compared with 0,
    cluster by cluster. A constant offset between the roles (wording, register) does not move a slope; it may
    move the sign of mean(a).

    **Coupling** is another question: whether the therapist's answer goes up where the patient's turn did. It is the
    correlation of the two, both without their trend over the session, pooled over all exchanges of the group. Two
    sides may move together and never come closer.

    **Misalignment over the session**: mean gap² from turns early and late in the session, each the product of
    the gaps of two separated blocks, so that noise adds nothing; and its decline. It falls where sessions come
    closer from either side, also where their mean gap is 0. Strongly autocorrelated short sessions raise both
    levels a little, the decline not.

    Args:
        turns: Turn scores, or the result of `alliancekit.sessions`, from which coupling is estimated but not tested.
        by: Label column or columns; a list column puts a session in each of its groups.
        margin: A change over the whole session that counts as none, in pooled SDs of session role means.
        coupling: Whether coupling is estimated and tested; without it its columns are null.
        scales: As for `alliancekit.sessions`.
        weight: `session`, `cluster` or `turn`, as for `alliancekit.gap`. Coupling always weighs exchanges.
        form: `own`, `patient`, `therapist` or `all`, as for `alliancekit.gap`.
        resamples: Bootstrap replicates, sign patterns where they are not enumerated, and mismatched replicates.
        seed: Of the counter-based generator; the same seed gives the same bits on any number of threads.
        threads: At most this many; by default one per core.
        confidence: Of the intervals; verdicts are at 1 - confidence.
        progress: Called with (done, of) as turns are read, then between chunks of replicates.

    Returns:
        One row per group and scale. Float64 in units of the score unless said otherwise.

        - the `by` columns, `scale`, `closing_rate`;
        - `ci_low`, `ci_high`: studentised cluster bootstrap of mean(b), mirrored by the sign of mean(a);
        - `p_value`: of mean(b) = 0, as for `alliancekit.gap`; `p_adjusted`: Holm over scales and groups, `total` in
          a family of its own;
        - `verdict`: `no evidence` where the interval of mean(a) holds 0 or there is none; else `converging` or
          `diverging` where `p_adjusted` is at most 1 - confidence; else `no convergence` where
          `p_equivalence_adjusted` is; else `no evidence`. Several groups and scales are asked at once, so verdicts
          rest on adjusted p-values. "Convergence is absent" is a claim too: a p above .05 does not show it (twelve
          sessions seldom reach .05 whatever is true), a slope shown to be smaller than the margin does;
        - `n_sessions` with a slope, `n_clusters`, `note` (what is missing, and why);
        - `gap_mid` = mean(a), `gap_mid_low`, `gap_mid_high`; `gap_start`, `gap_end` of the mean line; `gap_slope` =
          mean(b), `gap_slope_low`, `gap_slope_high`; `closing_rate_se`;
        - `margin`; `p_equivalence`: two one-sided tests (Schuirmann 1987) of |mean(b)| >= margin by bootstrap-t;
          `p_equivalence_adjusted`: Holm as above; `effect_size`: closing rate / pooled SD;
        - `coupling`: Σcov_pt / √(Σvar_p Σvar_t), -1 to 1 (no unit; below the mean session's correlation where the
          ratio of the sides' SDs differs between sessions), `coupling_low`, `coupling_high`: studentised
          cluster bootstrap of that ratio; `coupling_p_value` against mismatched pairs, the patient of one session
          with the therapist of another of the same group that shares neither patient nor therapist (pseudo-pairs:
          Ramseyer & Tschacher 2010, Moulder et al. 2018), aligned by exchange: two-sided about the coupling of such
          pairs, `coupling_mismatched` (last column), which is what sessions have in common by their course alone.
          The interval is about 0 and the p about that: with few clusters they may disagree.
          Needs 6 sessions with partners in 6 clusters, and 20 pairs. Sessions that lack an id count as of another
          person. `coupling_p_adjusted`: Holm as above; `n_coupled` sessions (5 exchanges or more);
        - `misalignment_early`, `misalignment_late`: signed roots of mean gap²; `misalignment_decline`: mean of early
          less late gap² (squared units) with `misalignment_decline_low`, `misalignment_decline_high`,
          `misalignment_decline_p_value` (not adjusted);
        - with `form="all"`, at the end, `form` and `robust`, for closing rates as `alliancekit.gap` has it for gaps.

        Below 6 clusters there is no interval and no p, the verdict is `no evidence`, and `note` says why; 6 to 19 are
        flagged.

    Raises:
        ColumnError, DataError, RoleError, ParameterError: As `alliancekit.sessions`.

    Example:
        >>> import alliancekit as ak
        >>> turns = ak.simulate({"anxiety": 40}, gap=0.5, closing_rate=0.6, coupling=0.3, scales=("bond",), seed=3)
        >>> table = ak.convergence(turns, by="condition", scales=["bond"], resamples=399)
        >>> table.select("condition", "scale", "verdict").row(0)
        ('anxiety', 'bond', 'converging')

    """
    arguments.choice("weight", weight, WEIGHTS)
    arguments.choice("form", form, CHOICES)
    if not (margin > 0 and math.isfinite(margin)):
        raise ParameterError(f"margin must be above 0; got {margin}")
    choices = _Choices(
        groups.key_names(by), margin, weight, Plan(resamples, seed, threads, confidence, progress), coupling=coupling
    )

    def run(form: str) -> pl.DataFrame:
        return _table(turns, scales, form, choices)

    if form == ALL:
        keys = (*choices.keys, schema.SCALE)
        return across_forms(run, keys=keys, value="closing_rate", low="ci_low", high="ci_high")
    return run(form)


@dataclass(frozen=True, slots=True)
class _Choices:
    """What was asked for."""

    keys: list[str]
    margin: float
    weight: str
    plan: Plan
    coupling: bool


def _table(
    turns: pl.DataFrame | pl.LazyFrame, scales: Sequence[str] | None, form: str, choices: _Choices
) -> pl.DataFrame:
    """Give the result of one form."""
    sessions = session_table(turns, scales=scales, by=choices.keys, form=form, progress=choices.plan.progress)
    require(sessions.columns, VALUES)
    clustered = with_clusters(with_decline(sessions))
    names = list(sessions[schema.SCALE].unique(maintain_order=True))
    series = exchanges(turns, names, form=form) if choices.coupling else None
    margin = Margin(choices.margin, pooled_sd(sessions))
    rows = [
        {**label, **row}
        for label, part in groups.split(clustered.table, choices.keys)
        for row in _group(per_scale(part, names), margin, series, choices)
    ]
    return _finished(rows, choices, clustered.note)


def _group(
    parts: Sequence[pl.DataFrame], margin: Margin, series: Mapping[str, Series] | None, choices: _Choices
) -> list[dict[str, Any]]:
    """Give the rows of one group of sessions."""
    clusters = codes(parts[0][CLUSTER])
    rows = closing_rows(parts, clusters, margin, choices.weight, choices.plan)
    if not choices.coupling:
        return [row | no_coupling() for row in rows]
    for row, (columns, note) in zip(rows, coupling_rows(parts, clusters, series, choices.plan), strict=True):
        row.update(columns)
        row["note"].append(note)
    return rows


def _finished(rows: list[dict[str, Any]], choices: _Choices, about: str) -> pl.DataFrame:
    """Correct the p-values, give the verdicts, order the columns, and say what the clusters are."""
    for name, corrected in CORRECTED.items():
        for row, value in zip(rows, adjusted(rows, name), strict=True):
            row[corrected] = value
    for row in rows:
        row["verdict"] = verdict(row, choices.plan.alpha)
        row["note"] = "; ".join(part for part in (*row["note"], about) if part is not None)
    table = pl.DataFrame(rows, schema_overrides=DTYPES, infer_schema_length=None)
    return table.select(*choices.keys, *COLUMNS)
