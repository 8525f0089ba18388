"""`alliance trajectories`: patient, therapist and gap over the session, or over a treatment."""

from typing import Annotated, Literal

import typer

from alliancekit.cli import options


def trajectories(  # noqa: PLR0913 - a command has as many parameters as options
    scores: options.Scores,
    *,
    bins: Annotated[int, typer.Option("--bins", min=1, help="Parts that a session is cut into.")] = 10,
    over: Annotated[
        Literal["u", "session_number"],
        typer.Option("--over", help="u: position in the session, 0 to 1; session_number: across a treatment."),
    ] = "u",
    by: options.By = None,
    scale: options.Scales = None,
    resamples: options.Resamples = 2000,
    seed: options.Seed = 0,
    threads: options.Threads = None,
    confidence: options.Confidence = 0.95,
    as_json: options.AsJson = False,
    output: options.Output = None,
    force: options.Force = False,
) -> None:
    """How the two sides move through a session, or a treatment.

    Patient, therapist and gap, with an interval for each point and a band for the whole curve.
    """
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.results import computed, deliver, opened  # noqa: PLC0415
    from alliancekit.cli.trajectories_table import print_trajectories  # noqa: PLC0415
    from alliancekit.stats import trajectories as trajectories_of  # noqa: PLC0415

    source = opened(scores, output, force=force)
    groups, scales = source.grouping(by), source.chosen(scale)
    table = computed(
        source,
        lambda progress: trajectories_of(
            source.table,
            by=groups,
            bins=bins,
            over=over,
            scales=scales,
            resamples=resamples,
            seed=seed,
            threads=threads,
            confidence=confidence,
            progress=progress,
        ),
    )
    deliver(
        table, output, as_json=as_json, show=lambda: print_trajectories(table, groups, over=over, confidence=confidence)
    )
