"""`alliance inventory template`: the key of a published form, with empty texts."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Published(StrEnum):
    """The forms whose keys are known."""

    WAI_36 = "wai-36"
    WAI_S_12 = "wai-s-12"
    WAI_SR_12 = "wai-sr-12"


def template(
    form: Annotated[Published, typer.Argument(help="Which published form.")],
    *,
    output: Annotated[Path, typer.Option("-o", "--output", help="File to write (TOML).")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
) -> None:
    """Write an inventory file with the numbers, scales and keys of a published form, and empty texts to fill in."""
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.output_file import check_output, say_written  # noqa: PLC0415
    from alliancekit.inventory.keys import KEYS  # noqa: PLC0415
    from alliancekit.inventory.template import template as text_of  # noqa: PLC0415

    check_output(output, force=force, suffixes=(".toml",))
    output.write_text(text_of(KEYS[form.value]), encoding="utf-8")
    say_written(output)
