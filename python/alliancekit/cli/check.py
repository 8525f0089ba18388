"""`alliance check`: what is in the files, and what is wrong with them, before anything is scored."""

from pathlib import Path
from typing import Annotated, Any

import typer

from alliancekit.cli.exit_codes import ExitCode
from alliancekit.cli.reading import Inputs, with_reading


@with_reading
def check(
    inputs: Inputs,
    *,
    bundle: Annotated[
        Path | None,
        typer.Option(help="Folder of the model bundle whose token limit holds; the packaged one otherwise."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object, every problem in it.")] = False,
    choices: dict[str, Any],
) -> None:
    """Show what is read from transcripts, and every problem with its place; 3 if there are warnings or errors."""
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.check_report import print_checked, to_json  # noqa: PLC0415
    from alliancekit.cli.token_limit import token_limit  # noqa: PLC0415
    from alliancekit.readers import check as check_files  # noqa: PLC0415

    found = token_limit(bundle)
    limit = found.tokens if found else None
    checked = check_files(inputs, over_limit=found.exceeded if found else None, limit=limit, **choices)
    if as_json:
        typer.echo(to_json(checked, limit))
    else:
        print_checked(checked, limit)
    raise typer.Exit(ExitCode.CLEAN if checked.ok else ExitCode.DATA)
