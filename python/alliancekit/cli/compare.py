"""`alliance compare`: one condition against each other one and the rest."""

from enum import StrEnum
from typing import Annotated

import typer

from alliancekit.cli import options


class Measure(StrEnum):
    """What is compared."""

    GAP = "gap"
    MISALIGNMENT = "misalignment"
    CLOSING_RATE = "closing_rate"


def compare(  # noqa: PLR0913 - a command has as many parameters as options
    scores: options.Scores,
    *,
    target: Annotated[str, typer.Option("--target", help="The condition that is compared, e.g. suicidality.")],
    reference: Annotated[
        list[str] | None,
        typer.Option("--reference", help="What with, as often as needed; each other condition and the rest otherwise."),
    ] = None,
    measure: Annotated[
        list[Measure] | None, typer.Option("--measure", help="What is compared; gap and misalignment otherwise.")
    ] = None,
    largest: Annotated[
        bool, typer.Option("--largest", help="Test as well whether the target is above every other condition.")
    ] = False,
    covariate: Annotated[
        list[str] | None, typer.Option("--covariate", help="Column to adjust for, e.g. session_number; repeatable.")
    ] = None,
    by: options.Conditions = None,
    scale: options.Scales = None,
    form: options.Form = "own",
    weight: options.Weight = "session",
    resamples: options.Resamples = 2000,
    seed: options.Seed = 0,
    threads: options.Threads = None,
    confidence: options.Confidence = 0.95,
    as_json: options.AsJson = False,
    output: options.Output = None,
    force: options.Force = False,
) -> None:
    """Where the gap is larger: one condition against the others.

    Gap, misalignment and closing rate, against each other condition and against the rest.
    """
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.compare_table import print_compare  # noqa: PLC0415
    from alliancekit.cli.results import computed, deliver, opened  # noqa: PLC0415
    from alliancekit.cli.source import SESSION_COLUMNS  # noqa: PLC0415
    from alliancekit.stats import compare as compare_of  # noqa: PLC0415

    source = opened(scores, output, force=force)
    scales, groups = source.chosen(scale), source.labels(by)
    source.require("--covariate", covariate or (), also=SESSION_COLUMNS)
    table = computed(
        source,
        lambda progress: compare_of(
            source.table,
            by=groups[0] if len(groups) == 1 else groups,
            target=target,
            reference=reference,
            measures=tuple(one.value for one in measure or (Measure.GAP, Measure.MISALIGNMENT)),
            largest=largest,
            covariates=tuple(covariate or ()),
            scales=scales,
            form=form,
            weight=weight,
            resamples=resamples,
            seed=seed,
            threads=threads,
            confidence=confidence,
            progress=progress,
        ),
    )
    deliver(table, output, as_json=as_json, show=lambda: print_compare(table, confidence=confidence))
