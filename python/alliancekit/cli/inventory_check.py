"""`alliance inventory check`: is an inventory file valid, what is in it, and which methods it allows."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from alliancekit.inventory import Inventory


def check_inventory(file: Annotated[Path, typer.Argument(help="Inventory file (TOML).")]) -> None:
    """Check an inventory file; say what it holds and which methods it allows. A mistake is told with file and line."""
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.tables import print_table  # noqa: PLC0415
    from alliancekit.inventory import read_inventory  # noqa: PLC0415
    from alliancekit.inventory.methods import METHODS, refusal  # noqa: PLC0415

    inventory = read_inventory(file)
    header = ["scale", "items keyed +1", "items keyed -1", "agree sentences", "disagree sentences"]
    print_table(header, [_row(inventory, scale) for scale in inventory.scales])
    typer.echo(f"\nbeside the scales: {sum(len(each.sentences) for each in inventory.beside)} sentences\n")
    reasons = [(method, refusal(inventory, method)) for method in METHODS]
    print_table(["method", "allowed"], [(method, f"no: {reason}" if reason else "yes") for method, reason in reasons])


def _row(inventory: "Inventory", scale: str) -> tuple[str, ...]:
    from alliancekit.inventory import FORMS  # noqa: PLC0415

    items = inventory.of_scale(scale)
    examples = [each for each in inventory.examples if each.scale == scale]
    wordings = [item.wording(form) for item in items for form in FORMS]
    counts = [sum(len(getattr(each, pole)) for each in (*wordings, *examples)) for pole in ("agree", "disagree")]
    keys = [sum(item.key == key for item in items) for key in (1, -1)]
    return (scale, *map(str, keys), *map(str, counts))
