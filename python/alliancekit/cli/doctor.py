"""`alliance doctor`: what is installed, what is found, and whether it is whole."""

from typing import Annotated

import typer

from alliancekit.cli import options


def doctor(
    *,
    bundle: options.Bundle = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Show versions, library, processor, telemetry state, bundle and threads; 0 when nothing is wrong."""
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.findings import examine, to_json  # noqa: PLC0415
    from alliancekit.cli.tables import print_table  # noqa: PLC0415
    from alliancekit.scorer import PACKAGED_BUNDLE  # noqa: PLC0415

    findings = examine(bundle or PACKAGED_BUNDLE)
    if as_json:
        typer.echo(to_json(findings))
    else:
        print_table(
            ["what", "found", "state"], [(found.name, found.text, "ok" if found.ok else "WRONG") for found in findings]
        )
    raise typer.Exit(max(found.code for found in findings))
