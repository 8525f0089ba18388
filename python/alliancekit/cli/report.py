"""`alliance report`: scored sessions in, one HTML file out."""

from pathlib import Path
from typing import Annotated, Any

import typer

from alliancekit.cli import options


def report(  # noqa: PLR0913 - a command has as many parameters as options
    scores: options.Scores,
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="The page: a .html file.")],
    by: Annotated[
        str | None, typer.Option("--by", help="Column of the conditions; condition by default, where there is one.")
    ] = None,
    target: Annotated[
        str | None, typer.Option("--target", help="Condition that is compared with the others, e.g. suicidality.")
    ] = None,
    scale: options.Scales = None,
    title: Annotated[str | None, typer.Option("--title", help="Heading of the page.")] = None,
    bins: Annotated[int, typer.Option("--bins", min=1, help="Parts that a session is cut into, for the curves.")] = 10,
    margin: Annotated[
        float, typer.Option("--margin", help="Change over a session that counts as none, in pooled SDs.")
    ] = 0.2,
    minimum_turns: Annotated[
        int, typer.Option("--minimum-turns", min=1, help="Scored turns of each role that a listed session has.")
    ] = 10,
    most_sessions: Annotated[int, typer.Option("--most-sessions", min=1, help="Sessions listed.")] = 20,
    suppress_small_cells: Annotated[
        bool, typer.Option("--suppress-small-cells", help="Hide groups of fewer than 5 sessions, and the list of them.")
    ] = False,
    quotes: Annotated[
        bool, typer.Option("--quotes", help="Show turns of the listed sessions; needs scores with --keep-text.")
    ] = False,
    resamples: options.Resamples = 2000,
    seed: options.Seed = 0,
    threads: options.Threads = None,
    confidence: options.Confidence = 0.95,
    bundle: Annotated[
        Path | None,
        typer.Option("--bundle", help="Folder of the model that made the scores."),
    ] = None,
    force: options.Force = False,
) -> None:
    """Turn scores into one page that can be looked at, printed and cited.

    A self-contained HTML file: it loads nothing, and holds no text of a transcript unless --quotes asks for it.
    """
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.command_line import command_line  # noqa: PLC0415
    from alliancekit.cli.output_file import check_output, say_written  # noqa: PLC0415
    from alliancekit.cli.results import computed, opened  # noqa: PLC0415
    from alliancekit.reporting.choices import origin_of  # noqa: PLC0415
    from alliancekit.reporting.report import SUFFIXES  # noqa: PLC0415
    from alliancekit.reporting.report import report as write  # noqa: PLC0415

    check_output(output, force=force, suffixes=SUFFIXES)
    source = opened(scores, None, force=force)
    groups = source.grouping(None if by is None else [by])
    chosen: dict[str, Any] = {
        "by": groups[0] if groups else None,
        "target": target,
        "bins": bins,
        "margin": margin,
        "minimum_turns": minimum_turns,
        "most_sessions": most_sessions,
        "suppress_small_cells": suppress_small_cells,
        "quotes": quotes,
        "resamples": resamples,
        "seed": seed,
        "confidence": confidence,
        "title": title,
    }
    command = command_line("report", scores, output, {**chosen, "scale": scale})
    computed(
        source,
        lambda progress: write(
            source.table,
            output,
            scales=source.chosen(scale),
            threads=threads,
            bundle=bundle,
            origin=origin_of(scores, command),
            progress=progress,
            **chosen,
        ),
    )
    say_written(output)
