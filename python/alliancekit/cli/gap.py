"""`alliance gap`: therapist minus patient, per condition and scale."""

from pathlib import Path
from typing import Annotated

import typer


def gap(
    scores: Annotated[Path, typer.Argument(help="A table of turn scores, as `alliance score` writes it.")],
    *,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", help="A row per value of this column; condition by default, where there is one."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print records in full precision.")] = False,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="Write .csv or .parquet as well.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace an output that exists.")] = False,
) -> None:
    """Print the gap (therapist - patient) per condition and scale, with its 95 % confidence interval."""
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.gap_table import grouping, print_gap, to_json  # noqa: PLC0415
    from alliancekit.cli.output_file import check_output  # noqa: PLC0415
    from alliancekit.files import write_table  # noqa: PLC0415
    from alliancekit.scored import read_scored  # noqa: PLC0415
    from alliancekit.stats import gap as gap_of  # noqa: PLC0415

    if output is not None:
        check_output(output, force=force)
    turns, scales = read_scored(scores)
    groups = grouping(by, turns.columns)
    table = gap_of(turns, by=groups, scales=scales)
    if output is not None:
        write_table(table, output)
    if as_json:
        typer.echo(to_json(table))
    else:
        print_gap(table, groups)
