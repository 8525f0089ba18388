"""`alliance verify`: whether a folder of scores is complete and as it was written."""

import sys

import typer

from alliancekit.cli.exit_codes import ExitCode
from alliancekit.cli.options import RunFolder


def verify(output: RunFolder) -> None:
    """Compare every file of a folder of scores with its hash; 5 if one is not what was written."""
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.corpus import verify_corpus  # noqa: PLC0415
    from alliancekit.labels import counted, printable  # noqa: PLC0415

    verified = verify_corpus(output)
    for wrong in verified.wrong:
        sys.stderr.write(f"error: {printable(wrong)}\n")
    if not verified.ok:
        raise typer.Exit(ExitCode.INTEGRITY)
    totals = verified.manifest["totals"]
    parts = counted(len(verified.manifest["parts"]), "part")
    typer.echo(f"{parts}, {counted(totals['turns'], 'turn')}: complete, and every part as it was written")
