"""`alliance export`: scores and results as other tools read them."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from alliancekit.cli import options


class What(StrEnum):
    """Which table is exported."""

    TURNS = "turns"
    SESSIONS = "sessions"
    GAP = "gap"
    COMPARE = "compare"
    TRAJECTORIES = "trajectories"
    CONVERGENCE = "convergence"


def export(  # noqa: PLR0913 - a command has as many parameters as options
    scores: options.Scores,
    *,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            help=".csv or .parquet: tidy data; .sav: SPSS; .html (for Word), .md or .tex: an APA table; a name without "
            "a suffix: a folder for R.",
        ),
    ],
    what: Annotated[What, typer.Option("--what", help="Which table; not for R, which gets its own.")] = What.SESSIONS,
    by: options.By = None,
    target: Annotated[
        str | None, typer.Option("--target", help="Condition that is compared, for --what compare.")
    ] = None,
    reference: Annotated[
        str | None,
        typer.Option("--reference", help="Condition that R compares the others with."),
    ] = None,
    outcome: Annotated[
        str | None, typer.Option("--outcome", help="Numeric column that R's response surface is to explain.")
    ] = None,
    scale: options.Scales = None,
    resamples: options.Resamples = 2000,
    seed: options.Seed = 0,
    threads: options.Threads = None,
    confidence: options.Confidence = 0.95,
    force: options.Force = False,
) -> None:
    """Write scores or results for a spreadsheet, SPSS, R or a paper.

    Never with the text of a transcript: of columns of words only labels are kept, and what is left out is named.
    """
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.exporting import Request, export_table, export_to_r  # noqa: PLC0415

    request = Request(
        scores, output, what.value, by, target, reference, outcome, scale, resamples, seed, threads, confidence, force
    )
    (export_table if output.suffix else export_to_r)(request)
