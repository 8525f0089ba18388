"""`alliance sessions`: one row per session and scale."""

from typing import Annotated, Literal

import typer

from alliancekit.cli import options


def sessions(  # noqa: PLR0913 - a command has as many parameters as options
    scores: options.TurnScores,
    *,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="Label that must be the same in all turns of a session; as often as needed."),
    ] = None,
    scale: options.Scales = None,
    form: Annotated[
        Literal["own", "patient", "therapist"],
        typer.Option("--form", help="Whose wording both roles are compared with; own: each speaker's."),
    ] = "own",
    weight: Annotated[
        Literal["turn", "token"], typer.Option("--weight", help="What counts the same: each turn, or each token.")
    ] = "turn",
    min_tokens: Annotated[
        int | None, typer.Option("--min-tokens", min=1, help="Leave out the scores of shorter turns.")
    ] = None,
    as_json: options.AsJson = False,
    output: options.Output = None,
    force: options.Force = False,
) -> None:
    """Reduce turn scores to a row per session and scale.

    Means, gap, slopes, congruence, standard errors and reliability; -o writes all of it, for the other commands too.
    """
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.results import computed, deliver, opened  # noqa: PLC0415
    from alliancekit.cli.sessions_table import print_sessions  # noqa: PLC0415
    from alliancekit.stats import sessions as sessions_of  # noqa: PLC0415

    source = opened(scores, output, force=force)
    source.refuse_sessions()
    groups, scales = source.grouping(by), source.chosen(scale)
    table = computed(
        source,
        lambda progress: sessions_of(
            source.table, scales=scales, min_tokens=min_tokens, weight=weight, form=form, by=groups, progress=progress
        ),
    )
    deliver(table, output, as_json=as_json, show=lambda: print_sessions(table, groups))
