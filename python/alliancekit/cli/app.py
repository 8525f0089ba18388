"""The command `alliance` and its subcommands."""

from typing import Annotated

import typer

from alliancekit.cli.bench import bench
from alliancekit.cli.check import check
from alliancekit.cli.compare import compare
from alliancekit.cli.convergence import convergence
from alliancekit.cli.doctor import doctor
from alliancekit.cli.export import export
from alliancekit.cli.gap import gap
from alliancekit.cli.inventory_check import check_inventory
from alliancekit.cli.inventory_template import template
from alliancekit.cli.model_build import build
from alliancekit.cli.model_info import info
from alliancekit.cli.reference_build import build_reference
from alliancekit.cli.report import report
from alliancekit.cli.resume import resume
from alliancekit.cli.score import score
from alliancekit.cli.serve import serve
from alliancekit.cli.sessions import sessions
from alliancekit.cli.state import State
from alliancekit.cli.trajectories import trajectories
from alliancekit.cli.validate import validate
from alliancekit.cli.verify import verify
from alliancekit.cli.watch import watch

# Plain help, since a transcript or a path in brackets would be taken for markup; and no exception display of
# Typer's, since it can show local variables, which hold transcripts.
app = typer.Typer(
    name="alliance",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
model = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Build a model bundle, or show what one is.")
model.command("build")(build)
model.command("info")(info)
reference = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Learn from scored sessions what is usual, for watch and serve."
)
reference.command("build")(build_reference)
inventory = typer.Typer(
    no_args_is_help=True, rich_markup_mode=None, help="Write a template of an inventory file, or check one."
)
inventory.command("template")(template)
inventory.command("check")(check_inventory)
app.command("check")(check)
app.command("score")(score)
app.command("resume")(resume)
app.command("verify")(verify)
app.command("sessions")(sessions)
app.command("gap")(gap)
app.command("compare")(compare)
app.command("trajectories")(trajectories)
app.command("convergence")(convergence)
app.command("validate")(validate)
app.command("report")(report)
app.command("export")(export)
app.command("watch")(watch)
app.command("serve")(serve)
app.command("doctor")(doctor)
app.command("bench")(bench)
app.add_typer(model, name="model")
app.add_typer(inventory, name="inventory")
app.add_typer(reference, name="reference")


def _print_version(wanted: bool) -> None:  # noqa: FBT001 - Typer calls it so
    if wanted:
        from alliancekit._native import __version__  # noqa: PLC0415 - only this option needs the compiled module

        typer.echo(f"alliancekit {__version__}")
        raise typer.Exit


@app.callback()
def alliance(
    context: typer.Context,
    *,
    debug: Annotated[bool, typer.Option("--debug", help="Show the traceback of an error.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", help="Show the version and stop.", is_eager=True, callback=_print_version)
    ] = False,
) -> None:
    """Working alliance of patient and therapist, inferred from their own language turn by turn."""
    if isinstance(context.obj, State):
        context.obj.debug = debug
