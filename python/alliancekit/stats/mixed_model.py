"""A mixed model of score ~ role * u * condition: a check on the results that resampling gives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ParameterError
from alliancekit.extras import require
from alliancekit.stats import arguments
from alliancekit.stats.mixed.cells import cells, of_scale
from alliancekit.stats.mixed.result import MixedModel
from alliancekit.stats.mixed.sample import check_label, sample
from alliancekit.stats.mixed.scale import rows_of_scale
from alliancekit.stats.mixed.tables import EFFECTS, VARIANCES
from alliancekit.stats.sessions import sessions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliancekit.stats.inference.resample import Progress

FEWEST_BINS: Final = 3
MOST_BINS: Final = 20


def mixed_model(  # noqa: PLR0913 - each is a choice of the analysis
    turns: pl.DataFrame | pl.LazyFrame,
    *,
    by: str | None = "condition",
    bins: int = 5,
    scales: Sequence[str] | None = None,
    reference: str | None = None,
    confidence: float = 0.95,
    progress: Progress | None = None,
) -> MixedModel:
    """Fit score ~ role * u * condition with random effects of therapists, patients and sessions.

    A check on the primary results, which are those of `gap`, `compare` and `convergence`, and no replacement for
    them: resampling by cluster supposes neither normal effects nor equal variances in all conditions nor equal
    correlations. Where the two disagree, the model's assumptions are the first thing to doubt.

    The rows are means of a role's turns in `bins` parts of a session. A row's residual variance is that of a turn
    divided by its number of turns; without that weighting, thin bins would count as much as full ones and the residual
    variance would not be one number. Role is coded +1/2 for the therapist and -1/2 for the patient, u runs from -1/2 to
    1/2 (its middle is u = .5 of the other functions), the conditions are coded against `reference`. So, on the
    scale of the score:

    - `intercept`: mean of both roles in the reference condition in the middle of a session;
    - `therapist`: its gap there, therapist - patient (`gap_mid` of `alliancekit.sessions`, averaged);
    - `u`, `therapist:u`: drift that both share over a whole session, and slope of the gap (`gap_slope`, averaged);
    - `suicidality`, `therapist:suicidality`, `u:suicidality`, `therapist:u:suicidality`: by how much each of the
      four is more in that condition (`therapist:u:suicidality` compares the slopes of the gap).

    Each of those four quantities varies, normally and independently of the others, between therapists, between
    patients of a therapist and between sessions of a patient: all that the design can tell apart (Barr, Levy, Scheepers
    & Tily 2013, Journal of Memory and Language 68, on leaving such effects out: too many false positives). A level
    without repeats is left out: with one session a patient there is no patient level. Session slopes also take up
    the autocorrelation of turns.

    Restricted maximum likelihood; t tests with clusters - conditions degrees of freedom, clusters being the units
    of the coarsest level (the between-cluster degrees of freedom, Li & Redden 2015, BMC Medical Research Methodology
    15:38; cautious for contrasts within clusters). z tests reject too often with few clusters (Luke 2017, Behavior
    Research Methods 49).

    Truth-and-bias models (West & Kenny 2011, Psychological Methods 16) split one side's judgement into the other's
    and a bias. They are for ratings of both sides on one metric; scores of language are not, and no such model is
    offered here.

    Args:
        turns: Turn scores as for `alliancekit.sessions`; read twice. Not a session table: u is needed.
        by: Label column of one condition a session, or None for role * u alone.
        bins: Parts of a session, 3 to 20.
        scales: As for `alliancekit.sessions`.
        reference: Condition that the others are compared with; by default the one with the most sessions.
        confidence: Of the intervals.
        progress: Called with (done, of) after each scale.

    Returns:
        A `MixedModel` with two frames.

        `effects`, a row per scale and term: `scale`, `term` String; `estimate`, `std_error`, `ci_low`, `ci_high`,
        `statistic` (t), `p_value` (two-sided, not corrected for the number of tests) Float64; `df`, `n_sessions`,
        `n_clusters` Int64; `note` String. No interval and no p below 6 clusters or where the search did not end,
        and `note` says so. Flagged: 6 to 19 clusters, fewer than 6 in a condition, and conditions whose session gaps
        differ in spread, where p may be far too small (18 % false positives, 12 sessions of twice the SD against 60).

        `variances`, a row per scale, level (`therapist`, `patient`, `session`) and term, and one for `turn`:
        `scale`, `level`, `term` String; `variance`, `sd` Float64; `n_units` Int64; `note` String, which tells a
        variance of exactly zero: common, and no failure.

    Raises:
        MissingExtraError: statsmodels is not installed: ``pip install 'alliancekit[mixed]'``.
        ColumnError, DataError, RoleError, ParameterError: As `alliancekit.sessions`; besides, a condition has scores in
            too few places, or clusters are so large that the fit would take hours (the message says what to do).

    Example:
        >>> import alliancekit as ak
        >>> plan = {"gap": {"grief": 0.5, "worry": 0.2}, "sd": 0.1, "scales": ("bond",)}
        >>> turns = ak.simulate({"grief": 20, "worry": 15}, turns=30, icc=0.1, seed=1, **plan)
        >>> model = ak.mixed_model(turns, scales=["bond"])
        >>> rows = model.effects.select("term", pl.col("estimate", "std_error").round(2), "df")
        >>> rows.filter(pl.col("term") == "therapist:worry").row(0)
        ('therapist:worry', -0.26, 0.02, 33)

    """
    require("mixed", "statsmodels")
    _check_arguments(turns, bins, confidence)
    table = sessions(turns, scales=scales, by=() if by is None else (by,))
    check_label(table, by)
    names = list(table[schema.SCALE].unique(maintain_order=True))
    means = cells(arguments.lazy(turns), names, bins)
    effects, variances = [], []
    for done, name in enumerate(names, start=1):
        given = sample(table, name, by, reference)
        found = rows_of_scale(of_scale(means, name), given, confidence)
        effects += [{schema.SCALE: name, **row} for row in found[0]]
        variances += [{schema.SCALE: name, **row} for row in found[1]]
        if progress is not None:
            progress(done, len(names))
    return MixedModel(pl.DataFrame(effects, schema=EFFECTS), pl.DataFrame(variances, schema=VARIANCES))


def _check_arguments(turns: pl.DataFrame | pl.LazyFrame, bins: int, confidence: float) -> None:
    if not FEWEST_BINS <= bins <= MOST_BINS:
        raise ParameterError(f"bins must be from {FEWEST_BINS} to {MOST_BINS}; got {bins}")
    if not 0.5 <= confidence < 1.0:  # noqa: PLR2004 - less than an even chance is no confidence
        raise ParameterError(f"confidence must be from .5 to 1; got {confidence}")
    if arguments.is_session_table(arguments.lazy(turns).collect_schema()):
        raise ParameterError("mixed_model needs turn scores, and this is a session table: pass the turns")
