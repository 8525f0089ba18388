"""How the two sides and their gap move within the session, or over the sessions of a treatment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from alliancekit import schema
from alliancekit.errors import ParameterError
from alliancekit.stats import arguments
from alliancekit.stats.inference import groups
from alliancekit.stats.inference.resample import Plan
from alliancekit.stats.inference.yardstick import known
from alliancekit.stats.trajectory.bands import MOST, bands
from alliancekit.stats.trajectory.bins import in_bins
from alliancekit.stats.trajectory.numbers import by_number
from alliancekit.stats.trajectory.points import CURVES, U, labelled
from alliancekit.stats.trajectory.sums import cells, curve_sums

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from alliancekit.stats.inference.resample import Progress
    from alliancekit.stats.trajectory.bands import Bands
    from alliancekit.stats.trajectory.sums import Cells

OVER: Final = (U, schema.SESSION_NUMBER)
DTYPES: Final = {
    schema.SCALE: pl.String,
    schema.ROLE: pl.String,
    U: pl.Float64,
    "mean": pl.Float64,
    "ci_low": pl.Float64,
    "ci_high": pl.Float64,
    "band_low": pl.Float64,
    "band_high": pl.Float64,
    "n_sessions": pl.Int64,
    "n_clusters": pl.Int64,
    "note": pl.String,
}


def trajectories(  # noqa: PLR0913 - each is a choice of the analysis
    turns: pl.DataFrame | pl.LazyFrame,
    *,
    by: str | Sequence[str] | None = None,
    bins: int = 10,
    over: str = "u",
    scales: Sequence[str] | None = None,
    resamples: int = 2000,
    seed: int = 0,
    threads: int | None = None,
    confidence: float = 0.95,
    progress: Progress | None = None,
) -> pl.DataFrame:
    """Estimate the mean curve of patient, therapist and gap, with intervals and simultaneous bands.

    Within the session a point of a curve is the mean over sessions of the session's mean in one bin of u; over a
    treatment, the mean over the sessions with one number of the session's mean. Sessions weigh equally; other
    weights are not offered, because a session's weight would differ from bin to bin and move the curve.

    The gap at a point is taken from the sessions that have both roles there, so that it need not be the difference
    of the two curves. Its level is relative to the instrument, as in `alliancekit.gap`; its shape is not. Over
    session numbers, patients who stop early are missing from later points: a curve may move because the patients
    left are others.

    Args:
        turns: Turn scores; for `over="session_number"` also the result of `alliancekit.sessions`.
        by: Label column or columns; a list column puts a session in each of its groups.
        bins: Into how many equal parts of u a session is cut; u is a turn's rank among all turns of the session over
            their number less one. Without effect over session numbers.
        over: `u`, the position within the session, or `session_number`.
        scales: As for `alliancekit.sessions`.
        resamples: Bootstrap replicates, the same for all scales, roles and points of a group.
        seed: Of the counter-based generator; the same seed gives the same bits on any number of threads.
        threads: At most this many; by default one per core.
        confidence: Of intervals and bands.
        progress: Called with (done, of) as turns are read, then between chunks of replicates.

    Returns:
        One row per group, scale, role (`patient`, `therapist`, `gap`) and point, sorted like this. Without a value
        at a bin the row stays, with nulls; of session numbers those are listed that a session of the group has.

        - the `by` columns, `scale`, `role`, `u` (the middle of the bin, or the session number; Float64), `mean` (units
          of the score);
        - `ci_low`, `ci_high`: for this point alone; studentised cluster bootstrap, with unequal tails (Cameron,
          Gelbach & Miller 2008);
        - `band_low`, `band_high`: for all points of the curve (role and scale) at once, mean ± c standard errors, c
          the quantile of the largest |t*| over its points (Montiel Olea & Plagborg-Møller 2019, Journal of Applied
          Econometrics 34). It is symmetric and the interval is not: on the side of the longer tail the interval
          may reach beyond the band, never on both sides;
        - `n_sessions` with a value here, `n_clusters` of them, `note`.

        A point with fewer than 6 clusters has no interval, is no part of the band, and says so; 6 to 19 are flagged.

    Raises:
        ColumnError, DataError, RoleError: As `alliancekit.sessions`; ColumnError also where there is no session number.
        ParameterError: An argument is not allowed, or a session table is given with `over="u"`.

    Example:
        >>> import polars as pl, alliancekit as ak
        >>> rows = [(f"s{i}", t, ("patient", "therapist")[t % 2], 0.1 * (t % 2) + 0.01 * ((i * 7 + t * 3) % 11))
        ...         for i in range(8) for t in range(20)]
        >>> turns = pl.DataFrame(rows, schema=["session_id", "turn_index", "role", "bond"], orient="row")
        >>> table = ak.trajectories(turns, bins=2, resamples=400)
        >>> table.filter(role="gap").select("u", pl.col("mean").round(3), "n_sessions").rows()
        [(0.25, 0.102, 8), (0.75, 0.097, 8)]

    """
    arguments.choice("over", over, OVER)
    if bins < 1:
        raise ParameterError(f"bins must be at least 1; got {bins}")
    plan = Plan(resamples, seed, threads, confidence, progress)
    keys = groups.key_names(by)
    points = in_bins(turns, scales, keys, bins, progress) if over == U else by_number(turns, scales, keys, progress)
    table, about = labelled(points, keys)
    rows = [
        {**label, **row, "note": about if row["note"] is None else f"{row['note']}; {about}"}
        for label, part in groups.split(table, keys)
        for row in _group(cells(part, points.scales, points.grid), points.scales, plan)
    ]
    return pl.DataFrame(rows, schema_overrides=DTYPES, infer_schema_length=None).select(*keys, *DTYPES)


def _group(among: Cells, scales: Sequence[str], plan: Plan) -> Iterator[dict[str, Any]]:
    """Give the rows of one group of sessions, a scale's curves at once where memory allows."""
    small = among.clusters * len(among.grid) * len(CURVES) <= MOST
    batches = [CURVES] if small else [(curve,) for curve in CURVES]
    for scale in scales:
        for curves in batches:
            found = bands(curve_sums(among, scale, curves), len(curves), plan)
            places = [(curve, point) for curve in curves for point in among.grid]
            yield from (_row(scale, curve, point, found, at) for at, (curve, point) in enumerate(places))


def _row(scale: str, curve: str, point: float, found: Bands, at: int) -> dict[str, Any]:
    return {
        schema.SCALE: scale,
        schema.ROLE: curve,
        U: float(point),
        "mean": known(found.value[at]),
        "ci_low": known(found.low[at]),
        "ci_high": known(found.high[at]),
        "band_low": known(found.band_low[at]),
        "band_high": known(found.band_high[at]),
        "n_sessions": int(found.sessions[at]),
        "n_clusters": int(found.clusters[at]),
        "note": found.note(at),
    }
