"""`alliance gap`: therapist minus patient, per condition and scale."""

from alliancekit.cli import options


def gap(  # noqa: PLR0913 - a command has as many parameters as options
    scores: options.Scores,
    *,
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
    """How far apart the two sides are, per condition and scale.

    The gap (therapist - patient) and misalignment, with intervals.
    """
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.gap_table import print_gap  # noqa: PLC0415
    from alliancekit.cli.results import computed, deliver, opened  # noqa: PLC0415
    from alliancekit.stats import gap as gap_of  # noqa: PLC0415

    source = opened(scores, output, force=force)
    groups, scales = source.grouping(by), source.chosen(scale)
    table = computed(
        source,
        lambda progress: gap_of(
            source.table,
            by=groups,
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
    deliver(table, output, as_json=as_json, show=lambda: print_gap(table, groups, confidence=confidence))
