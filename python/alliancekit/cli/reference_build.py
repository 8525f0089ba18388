"""`alliance reference build`: from turn scores to what is usual, for `alliance watch` and `alliance serve`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliancekit.cli import options

if TYPE_CHECKING:
    from alliancekit.live import Reference


def build_reference(  # noqa: PLR0913 - a command has as many parameters as options
    scores: options.TurnScores,
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="The reference: a .json file.")],
    scale: Annotated[
        list[str] | None,
        typer.Option("--scale", help="Scale that the signals look at; as often as needed. total otherwise."),
    ] = None,
    false_alarms: Annotated[
        float,
        typer.Option("--false-alarms", help="Sessions per 100 that may raise an alert though they are like SCORES."),
    ] = 5.0,
    min_tokens: Annotated[
        int | None, typer.Option("--min-tokens", min=1, help="Leave out the scores of shorter turns, here and live.")
    ] = None,
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Take the limits from simulated sessions like those of SCORES.")
    ] = False,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Seed of the simulation.")] = 0,
    force: options.Force = False,
) -> None:
    """Learn from scored sessions what is usual, and how far one goes in which nothing is wrong.

    Score them with --echo, or there is no signal of echo. What the signals are and are not: docs/live.md.
    """
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from dataclasses import replace  # noqa: PLC0415

    from alliancekit.cli.output_file import check_output  # noqa: PLC0415
    from alliancekit.cli.source import open_scores  # noqa: PLC0415
    from alliancekit.cli.working import carry_out  # noqa: PLC0415
    from alliancekit.live import build_reference as built  # noqa: PLC0415
    from alliancekit.scored import read_provenance  # noqa: PLC0415

    check_output(output, force=force, suffixes=(".json",))
    source = open_scores(scores)
    source.refuse_sessions()
    scales = source.chosen(scale or ["total"])
    reference = carry_out(
        lambda progress: built(
            source.table,
            scales=scales,
            false_alarms=false_alarms,
            min_tokens=min_tokens,
            simulated=simulate,
            seed=seed,
            progress=progress,
        )
    )
    made = read_provenance(scores)
    if made is not None:
        reference = replace(reference, bundle_sha256=made.bundle_sha256, method=made.method)
    reference.save(output)
    typer.echo(_summary(reference, output), err=True)


def _summary(reference: "Reference", output: Path) -> str:
    from alliancekit.labels import counted, printable  # noqa: PLC0415 - as above
    from alliancekit.live import NOTICE  # noqa: PLC0415

    echo = "with echo" if reference.echo is not None else "without echo: score with --echo for that"
    scope = f"{counted(reference.sessions, 'session')}, {counted(reference.turns, 'turn')}, {echo}"
    limits = f"(limits from the {reference.limits_from})"
    rate = f"{reference.false_alarms:g} of 100 sessions like these raise an alert {limits}"
    return f"{scope}\n{rate}\nwritten to {printable(str(output))}\n{NOTICE}"
