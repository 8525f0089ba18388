"""`alliance bench`: how fast this machine scores."""

from pathlib import Path
from typing import Annotated

import typer

from alliancekit.cli import options


def bench(  # noqa: PLR0913 - as many parameters as options
    file: Annotated[
        Path | None,
        typer.Argument(metavar="[FILE]", help="Transcripts to score; otherwise texts of ours with usual lengths."),
    ] = None,
    *,
    bundle: options.Bundle = None,
    threads: options.Threads = None,
    precision: Annotated[
        list[options.PrecisionChoice] | None,
        typer.Option("--precision", help="Precision to measure; as often as needed. All otherwise."),
    ] = None,
    turns: Annotated[
        int, typer.Option("--turns", min=1, help="Turns at most: of the file its first, or that many of ours.")
    ] = 2000,
    runs: Annotated[int, typer.Option("--runs", min=1, help="Runs of each; the best counts.")] = 3,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of our texts; the same seed, the same texts.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    plot: Annotated[Path | None, typer.Option("--plot", help="Draw turns/s over threads: .svg, .pdf or .png.")] = None,
    force: options.Force = False,
) -> None:
    """Measure turns, tokens and operations a second of each precision, on 1 to all threads, by stage."""
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.benching import run_and_show  # noqa: PLC0415

    asked = [choice.value for choice in precision or []]
    run_and_show(
        file,
        bundle,
        threads,
        [name for name in asked if name != "auto"],
        turns=turns,
        runs=runs,
        seed=seed,
        as_json=as_json,
        plot=plot,
        force=force,
    )
