"""`alliance convergence`: whether the gap closes within the session."""

from typing import Annotated

import typer

from alliancekit.cli import options


def convergence(  # noqa: PLR0913 - a command has as many parameters as options
    scores: options.Scores,
    *,
    margin: Annotated[
        float, typer.Option("--margin", min=0.0, help="Change over a session, in pooled SD, that counts as none.")
    ] = 0.2,
    coupling: Annotated[
        bool, typer.Option("--coupling/--no-coupling", help="Whether the two sides move together, turn by turn.")
    ] = True,
    by: options.By = None,
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
    """Whether the gap closes within the session.

    Closing rate and verdict per condition and scale, and whether the two sides move together.
    """
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.convergence_table import print_convergence  # noqa: PLC0415
    from alliancekit.cli.results import computed, deliver, opened  # noqa: PLC0415
    from alliancekit.stats import convergence as convergence_of  # noqa: PLC0415

    source = opened(scores, output, force=force)
    groups, scales = source.grouping(by), source.chosen(scale)
    table = computed(
        source,
        lambda progress: convergence_of(
            source.table,
            by=groups,
            margin=margin,
            coupling=coupling,
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
    deliver(table, output, as_json=as_json, show=lambda: print_convergence(table, groups, confidence=confidence))
