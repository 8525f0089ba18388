"""How a condition differs from the others, on the gap itself and on how far apart the two sides are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from alliancekit import schema
from alliancekit.stats import arguments
from alliancekit.stats.contrast import request as asking
from alliancekit.stats.contrast.arms import arms
from alliancekit.stats.contrast.conditions import conditions
from alliancekit.stats.contrast.contrast import contrast
from alliancekit.stats.contrast.covariates import label_names
from alliancekit.stats.contrast.largest import every_other
from alliancekit.stats.contrast.numbers import numbers, prepare
from alliancekit.stats.contrast.rows import FAMILY, row
from alliancekit.stats.contrast.sample import aligned
from alliancekit.stats.contrast.words import Call
from alliancekit.stats.forms import ALL, CHOICES, across_forms
from alliancekit.stats.inference.clusters import per_scale, with_clusters
from alliancekit.stats.inference.families import holm_by_family
from alliancekit.stats.inference.groups import key_names
from alliancekit.stats.inference.resample import Plan
from alliancekit.stats.inference.yardstick import pooled_sd
from alliancekit.stats.sessions import session_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.stats.contrast.request import Request
    from alliancekit.stats.inference.clusters import Clusters
    from alliancekit.stats.inference.resample import Progress

KEYS: Final = (schema.SCALE, "target", "reference", "measure")
_NUMBERS: Final = ("difference", "ci_low", "ci_high", "p_value", "p_adjusted", "effect_size")
_MORE: Final = ("target_value", "reference_value", "difference_se", "effect_size_pooled")
COLUMNS: Final = (
    *KEYS,
    *_NUMBERS,
    "n_target",
    "n_reference",
    "note",
    *_MORE,
    "n_clusters_target",
    "n_clusters_reference",
)
DTYPES: Final = dict.fromkeys((*_NUMBERS, *_MORE), pl.Float64)


def compare(  # noqa: PLR0913 - each is a choice of the analysis
    turns: pl.DataFrame | pl.LazyFrame,
    *,
    by: str | Sequence[str] = schema.CONDITION,
    target: str,
    reference: str | Sequence[str] | None = None,
    measures: str | Sequence[str] = (asking.GAP, asking.MISALIGNMENT),
    largest: bool = False,
    covariates: str | Sequence[str] = (),
    scales: Sequence[str] | None = None,
    weight: str = "session",
    form: str = "own",
    resamples: int = 2000,
    seed: int = 0,
    threads: int | None = None,
    confidence: float = 0.95,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Compare the sessions of one condition with those of each other condition, and with all the rest.

    What is compared, a value for each session, averaged over the sessions of an arm: `gap`, therapist mean - patient
    mean; `misalignment`, gap² without the bias of noise (`gap_product` of `alliancekit.sessions`), so that its
    difference is in *squared* units of the score; `closing_rate`, minus the slope of the gap, times the sign of the
    mean gap (at u = .5) of the arm. A constant offset between the roles (wording, register) moves no difference of
    gaps or closing rates.

    The target's arm are the sessions that have the target. The arm of a reference are the sessions that have that
    condition **and not the target**; that of `rest` all sessions without the target, those with no condition that is
    true or listed included. Sessions of which the condition is not known (null) are left out and counted.

    Args:
        turns: Turn scores, or the result of `alliancekit.sessions`.
        by: A label column; or a column of lists of labels, where a session may have several; or Boolean columns,
            each of them a condition with the name of its column.
        target: The condition of interest.
        reference: One or several other conditions or `rest`; by default all.
        measures: Any of `gap`, `misalignment`, `closing_rate`.
        largest: Add a row `every other` for each scale and measure: is the target larger than *every* other
            condition? Intersection-union test: `difference` is the smallest difference, `p_value` the largest
            one-sided p (`rest` not among them), without interval.
        covariates: Numeric labels of sessions such as `session_number`, columns like `talk_share`, or `n_turns`, the
            session's length. Differences are adjusted by least squares with one slope for both arms.
        scales: As for `alliancekit.sessions`.
        weight: `session` (each counts the same), `cluster` (each therapist, or patient, or session, in each arm), or
            `turn`.
        form: As for `alliancekit.gap`.
        resamples: Bootstrap replicates, and permutations of labels.
        seed: Of the counter-based generator; the same seed gives the same bits on any number of threads.
        threads: At most this many; by default one per core.
        confidence: Of the intervals.
        progress: Called with (done, of) as turns are read, then between chunks of replicates.

    Returns:
        One row per scale, measure and reference.

        - `scale`, `target`, `reference`, `measure`;
        - `difference`: target - reference;
        - `ci_low`, `ci_high`: studentised cluster bootstrap (Efron & Tibshirani 1993, ch. 12.5; Cameron, Gelbach &
          Miller 2008, Review of Economics and Statistics 90). For misalignment the wider of it and Welch's (1947,
          Biometrika 34): products of gaps have heavy tails, of which few clusters tell too little. That interval may
          hold 0 where p is small;
        - `p_value`: two-sided, the larger of that of permuted labels and that of Welch's t, since permuting alone
          leans on equal variances. The statistic is the difference over its cluster-robust standard
          error, which allows for unequal variances (Janssen 1997, Statistics & Probability Letters 36; Chung & Romano
          2013, Annals of Statistics 41). Labels move where they are assigned: between whole therapists that have one
          condition, between patients within therapists that have both, between sessions within patients that have
          both; `note` says which. In the last two cases p asks for a difference *within* the therapists or patients
          (values are taken about the mean of each);
        - `p_adjusted`: Holm, for each measure over scales and conditions; `rest` is a family of its own, `every
          other` one over scales only; `total` is outside of all and has families of its own;
        - `effect_size`: difference / root of the mean of the arms' variances over sessions;
        - `n_target`, `n_reference`: sessions; `note`; then `target_value`, `reference_value` (units of the score;
          for misalignment the signed root of the arm's mean), `difference_se`, `effect_size_pooled` (only for the
          gap: / pooled SD of session role means, one number for the whole call and scale), `n_clusters_target`,
          `n_clusters_reference`;
        - with `form="all"`, at the end, `form` and `robust`, as for `alliancekit.gap`.

        Below 6 clusters in an arm interval and p are null and `note` says so; 6 to 19 are flagged.

    Raises:
        ColumnError, DataError, RoleError: As `alliancekit.sessions`; `by` is not a label, all sessions have the
            target, a covariate is not a number.
        ParameterError: A name is not among the conditions or measures, or an argument is not allowed.

    Example:
        >>> import alliancekit as ak
        >>> turns = ak.simulate({"anxiety": 60, "suicidality": 20}, gap={"suicidality": 0.5}, scales=("bond",), seed=1)
        >>> table = ak.compare(turns, target="suicidality", scales=["bond"], resamples=999)
        >>> table.select("reference", "measure", "n_target", "n_reference").rows()
        [('anxiety', 'gap', 20, 60), ('anxiety', 'misalignment', 20, 60)]
        >>> table["p_value"][0] < 0.05
        True

    """
    asked = asking.request(
        target=target,
        reference=reference,
        measures=measures,
        covariates=covariates,
        weight=weight,
        largest=largest,
    )
    arguments.choice("form", form, CHOICES)
    plan = Plan(resamples, seed, threads, confidence, progress)
    keys = key_names(by)
    needed = [*keys, *label_names(asked.covariates)]

    def run(form: str) -> pl.DataFrame:
        sessions = session_table(turns, scales=scales, by=needed, form=form, progress=progress)
        return _table(with_clusters(sessions), _scales(sessions, scales), keys, asked, plan)

    if form == ALL:
        return across_forms(run, keys=KEYS, value="difference", low="ci_low", high="ci_high")
    return run(form)


def _scales(sessions: pl.DataFrame, scales: Sequence[str] | None) -> list[str]:
    """Give the scales in the order asked for, else in that of the schema, whatever the order of rows."""
    present = dict.fromkeys(sessions[schema.SCALE].unique().sort().to_list())
    order = dict.fromkeys([*(scales or schema.DEFAULT_SCALES), *present])
    return [name for name in order if name in present]


def _table(clustered: Clusters, scales: Sequence[str], by: Sequence[str], asked: Request, plan: Plan) -> pl.DataFrame:
    """Give the result of one form."""
    parts = aligned(per_scale(clustered.table, scales))
    known = conditions(parts[0], by)
    compared = arms(known, asked)
    call = Call.of(clustered, known.unknown[asked.target])
    everyone, yardsticks = numbers(parts, asked), pooled_sd(pl.concat(parts))
    rows = []
    for sides in compared:
        found = contrast(prepare(everyone, sides, asked, plan), plan, equal=asked.clusters_alike)
        names = {"target": asked.target, "reference": sides.reference, FAMILY: asking.family(sides.reference)}
        rows += [{**names, **row(found, at, yardsticks, call)} for at in range(len(everyone.values.columns))]
    return _finished(_in_order(rows, everyone.values.columns, largest=asked.largest))


def _in_order(
    rows: Sequence[dict[str, Any]], columns: Sequence[tuple[str, str]], *, largest: bool
) -> list[dict[str, Any]]:
    """Order by scale, then measure, then reference, with the row of all others at the end of each."""
    found: dict[tuple[str, str], list[dict[str, Any]]] = {column: [] for column in columns}
    for one in rows:
        found[one[schema.SCALE], one["measure"]].append(one)
    if largest:
        for mine in found.values():
            single = [one for one in mine if one["reference"] != asking.REST]
            mine.extend([every_other(single)] if single else [])
    return [one for mine in found.values() for one in mine]


def _finished(rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Correct the p-values and order the columns."""
    for one, adjusted in zip(rows, holm_by_family(rows, "measure", FAMILY), strict=True):
        one["p_adjusted"] = adjusted
    return pl.DataFrame(rows, schema_overrides=DTYPES, infer_schema_length=None).select(COLUMNS)
