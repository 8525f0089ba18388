"""Coverage of the 95 % intervals by number of clusters, distribution and cluster size."""

from __future__ import annotations

import math
from itertools import groupby, product
from typing import TYPE_CHECKING, Final

import polars as pl
from benches.calibration.cell import Cell
from benches.calibration.cells import REFERENCE, TARGET, base, corpora
from benches.calibration.intervals import COVERED, is_outside
from benches.calibration.tables import markdown, paragraph, percent, rate

import alliancekit as ak
from alliancekit.stats.simulation.quick import simulate_sessions
from alliancekit.stats.simulation.truth import simulation_truth

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benches.calibration.cell import Outcomes, Result, Tally

    from alliancekit.stats.simulation.plan import SimulationPlan

    Interval = tuple[str, float, pl.Series, pl.Series]
    """Name, true value, bounds in each corpus."""

TITLE: Final = "Coverage"
QUESTION: Final = "coverage"
RESAMPLES: Final = 999
CLUSTERS: Final = (6, 8, 12, 20, 50)
DRAWS: Final = {
    "normal": (0.0, "gamma"),
    "gamma, skew 1": (1.0, "gamma"),
    "gamma, skew 2": (2.0, "gamma"),
    "lognormal, skew 2": (2.0, "lognormal"),
}
SIZES: Final = {"1 session each": 1, "1 to 8 sessions": 8}
ENOUGH: Final = 1000
IN_REFERENCE: Final = 60
"""Clusters that the target is compared with."""
GAP, GAP_OF_REFERENCE, CLOSING_RATE = 1.0, 0.7, 0.3
SPREAD: Final = "misalignment without bias"
INTERVALS: Final = ("gap", "closing rate", "compare gap", "compare closing", "misalignment", SPREAD)
MISSES: Final = ("truth above", "truth below")


def cells() -> list[Cell]:
    found = []
    for (draws, (skew, distribution)), (name, sessions), clusters in product(DRAWS.items(), SIZES.items(), CLUSTERS):
        plan = base(
            (clusters * sessions, IN_REFERENCE * sessions),
            sessions_per_dyad=sessions,
            icc={"dyad": 0.1, "session": 0.1} if sessions > 1 else 0.2,
            slope_sd=1.0,
            skew=skew,
            distribution=distribution,
            gap={TARGET: GAP, REFERENCE: GAP_OF_REFERENCE},
            closing_rate=CLOSING_RATE,
        )
        shown = {"draws": draws, "clusters of": name, "clusters": str(clusters)}
        found.append(Cell(QUESTION, shown, plan, size=sessions))
    return found


def outcomes(cell: Cell, seed: int) -> Outcomes:
    plan = corpora(cell)
    table = _unequal(simulate_sessions(plan, seed=seed), round(cell.size))
    intervals = [*_within(table, plan, seed), *_between(table, seed)]
    return {what: held for interval in intervals for what, held in _covered(*interval).items()}


def _unequal(table: pl.DataFrame, largest: int) -> pl.DataFrame:
    """Keep 1, 2, ... `largest` sessions of the dyads in turn."""
    dyad = pl.col("patient_id").rank("dense").cast(pl.Int64) - 1
    return table.filter(pl.col("session_number") <= dyad % largest + 1)


def _lifted(table: pl.DataFrame, by: float) -> pl.DataFrame:
    """Add one gap to all sessions, as a difference of register would: slopes stay."""
    parts = ("gap", "gap_mid", "gap_start", "gap_end", "gap_outer", "gap_inner", "therapist_mean")
    moved = table.with_columns(pl.col(parts) + by)
    return moved.with_columns(gap_product=pl.col("gap_outer") * pl.col("gap_inner"))


def _within(table: pl.DataFrame, plan: SimulationPlan, seed: int) -> Iterator[Interval]:
    """Give the intervals of the target's own gap, misalignment (as planted, and with the gap taken out) and slope."""
    of_target = table.filter(pl.col("condition") == TARGET)
    truth = simulation_truth(plan)
    for name, moved, column in (("misalignment", 0.0, "misalignment"), (SPREAD, -GAP, "gap_sd")):
        rows = ak.gap(_lifted(of_target, moved), resamples=RESAMPLES, seed=seed, threads=1)
        yield name, truth[column][0], rows["misalignment_low"], rows["misalignment_high"]
        if not moved:
            yield "gap", GAP, rows["ci_low"], rows["ci_high"]
    lines = ak.convergence(of_target, coupling=False, resamples=RESAMPLES, seed=seed, threads=1)
    yield "closing rate", CLOSING_RATE, lines["ci_low"], lines["ci_high"]


def _between(table: pl.DataFrame, seed: int) -> Iterator[Interval]:
    rows = ak.compare(
        table,
        target=TARGET,
        reference=REFERENCE,
        measures=("gap", "closing_rate"),
        resamples=RESAMPLES,
        seed=seed,
        threads=1,
    )
    truths = {"compare gap": ("gap", GAP - GAP_OF_REFERENCE), "compare closing": ("closing_rate", 0.0)}
    for name, (measure, truth) in truths.items():
        mine = rows.filter(pl.col("measure") == measure)
        yield name, truth, mine["ci_low"], mine["ci_high"]


def _covered(name: str, truth: float, low: pl.Series, high: pl.Series) -> dict[str, pl.Series]:
    """Tell whether the intervals hold the truth, and on which side they miss."""
    found = {
        name: (low <= truth) & (high >= truth),
        f"{name} {MISSES[0]}": high < truth,
        f"{name} {MISSES[1]}": low > truth,
    }
    return {what: held.cast(pl.Float64).fill_null(math.nan) for what, held in found.items()}


def exceptions(results: Sequence[Result]) -> list[str]:
    """Name the intervals that do not keep what they promise."""
    cells = ((_place(name, result.cell), result, result[name]) for name in INTERVALS for result in results)
    wrong = [(place, _with_clusters(result, tally)) for place, result, tally in cells if is_outside(tally)]
    grouped = groupby(wrong, key=lambda found: found[0])
    return [f"{place}: {', '.join(text for _, text in group)} clusters" for place, group in grouped]


def _with_clusters(result: Result, tally: Tally) -> str:
    return f"{percent(tally.mean)} with {result.cell.shown['clusters']}"


def section(results: Sequence[Result]) -> str:
    low, high = (percent(bound, 0) for bound in COVERED)
    names = exceptions(results)
    listed = "\n".join(f"- {name}" for name in names) if names else "None."
    head = paragraph(
        "How often the 95 % interval holds the truth, in % of corpora with the 99.9 % Monte Carlo interval.",
        f"The target's clusters are counted; the reference has {IN_REFERENCE}. ICC .2, half of it between",
        f"dyads where they have several sessions; SD of slopes 1; {RESAMPLES} resamples. *Misses* are those of",
        "`gap`: truth above / below the interval. Misalignment is a mean of products, the more skewed the smaller",
        f"the gap is beside its spread: it is shown with a gap of {GAP:g} and, as the worst case, with none.",
    )
    few = min((result.corpora for result in results), default=0) < ENOUGH
    caution = f" (fewer than {ENOUGH:,} corpora: some are here by chance)" if few else ""
    return "\n\n".join([head, f"Outside of {low} to {high} %, by name{caution}:", listed, _table(results)])


def _table(results: Sequence[Result]) -> str:
    rows = [
        [
            *result.cell.shown.values(),
            f"{result.corpora:,}",
            *(rate(result[name]) for name in INTERVALS),
            " / ".join(percent(result[f"gap {side}"].mean) for side in MISSES),
        ]
        for result in results
        if result.corpora
    ]
    headers = ["draws", "clusters of", "clusters", "corpora", *(f"{name} %" for name in INTERVALS), "misses %"]
    return markdown(headers, rows)


def _place(interval: str, cell: Cell) -> str:
    return f"`{interval}`, {cell.shown['draws']}, clusters of {cell.shown['clusters of']}"
