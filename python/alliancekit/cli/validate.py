"""`alliance validate`: inferred scores beside completed ratings."""

from pathlib import Path
from typing import Annotated

import typer

from alliancekit.cli import options


def validate(  # noqa: PLR0913 - a command has as many parameters as options
    scores: options.Scores,
    *,
    ratings: Annotated[
        Path, typer.Option("--ratings", help="Completed ratings (CSV or Parquet): session_id, patient_bond, ….")
    ],
    rating: Annotated[
        list[str] | None,
        typer.Option("--rating", help="What a column means: COLUMN=patient_bond; as often as needed."),
    ] = None,
    scale: options.Scales = None,
    one_metric: Annotated[
        bool, typer.Option("--one-metric", help="Both roles' ratings are of one metric: ask for their agreement.")
    ] = False,
    resamples: options.Resamples = 2000,
    seed: options.Seed = 0,
    confidence: options.Confidence = 0.95,
    as_json: options.AsJson = False,
    output: options.Output = None,
    force: options.Force = False,
) -> None:
    """How scores and completed ratings go together, and the patient's language beside the therapist's rating."""
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.pairs import rating_pairs  # noqa: PLC0415
    from alliancekit.cli.ratings import read_ratings  # noqa: PLC0415
    from alliancekit.cli.results import computed, deliver, opened  # noqa: PLC0415
    from alliancekit.cli.validate_table import print_validation  # noqa: PLC0415
    from alliancekit.validation import validate as validate_scores  # noqa: PLC0415

    source = opened(scores, output, force=force)
    columns = rating_pairs(rating)
    rated = read_ratings(ratings)
    table = computed(
        source,
        lambda _: validate_scores(
            source.table,
            rated,
            columns=columns,
            scales=source.chosen(scale),
            one_metric=one_metric,
            resamples=resamples,
            seed=seed,
            confidence=confidence,
        ),
    )
    deliver(table, output, as_json=as_json, show=lambda: print_validation(table))
