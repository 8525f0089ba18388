"""`alliance watch`: turns as JSON lines in, updates as JSON lines out, alerts on stderr."""

from pathlib import Path
from typing import Annotated

import typer

from alliancekit.cli import live_options, options


def watch(  # noqa: PLR0913 - a command has as many parameters as options
    file: Annotated[
        Path | None, typer.Argument(help="A file of JSON lines, read to its end; standard input otherwise.")
    ] = None,
    *,
    follow: Annotated[
        Path | None, typer.Option("--follow", help="A file of JSON lines that grows: wait for what is added to it.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="File of JSON lines; standard output otherwise.")
    ] = None,
    reference: live_options.ReferenceFile = None,
    state: live_options.StateFolder = None,
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="canonical=key, e.g. text=content; as often as needed.")
    ] = None,
    roles: Annotated[
        list[str] | None, typer.Option("--roles", help="name=role, e.g. agent=therapist; as often as needed.")
    ] = None,
    session: Annotated[
        str | None, typer.Option("--session", help="Name of the session, for lines without a session_id.")
    ] = None,
    from_start: Annotated[
        bool,
        typer.Option("--from-start", help="With --state: the pipe begins anew after a stop, so skip what was done."),
    ] = False,
    received: Annotated[
        int | None,
        typer.Option("--received", min=0, help="With --state, to a pipe: write again what came after this line."),
    ] = None,
    active: live_options.Active = live_options.ACTIVE,
    method: options.Method = None,
    bundle: options.Bundle = None,
    threads: options.Threads = None,
    precision: options.PrecisionOption = options.PrecisionChoice.AUTO,
    force: Annotated[bool, typer.Option("--force", help="Replace an output that exists.")] = False,
) -> None:
    """Watch conversations: a line {"session_id", "role", "text"} in, its scores, running numbers and signals out.

    Signals need --reference. They are not a diagnosis, not a suicide-risk assessment, not crisis detection; what to do
    with an alert is for people.
    """
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.pairs import column_pairs, role_pairs  # noqa: PLC0415
    from alliancekit.cli.watching import Request, watch_until_stopped  # noqa: PLC0415
    from alliancekit.live.watch.lines import Names  # noqa: PLC0415
    from alliancekit.roles import check_roles  # noqa: PLC0415
    from alliancekit.scorer import Scorer  # noqa: PLC0415

    request = Request(file, follow, output, state, received, active, from_start=from_start, force=force)
    request.check()
    names = Names(column_pairs(columns), check_roles(role_pairs(roles)), session)
    loaded = live_options.load_reference(reference)
    scorer = Scorer(bundle, threads=threads, method=method, precision=precision.value)
    watch_until_stopped(request, scorer, loaded, names)
