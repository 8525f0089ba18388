"""`alliance model build`: an encoder and an inventory to a model bundle."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

BUILD_PACKAGES = ("onnx", "safetensors")


class Storage(StrEnum):
    """Precision of the weights in the bundle."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"


def build(
    *,
    encoder: Annotated[Path, typer.Option(help="Hugging Face folder: config.json, model.safetensors, tokenizer.json.")],
    inventory: Annotated[Path, typer.Option(help="Inventory file (TOML).")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the bundle; a bundle there is replaced.")],
    storage: Annotated[Storage, typer.Option(help="Precision of the stored weights.")] = Storage.FLOAT32,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Tokens read of a turn; the encoder's own limit otherwise.")
    ] = None,
) -> None:
    """Build a model bundle from an encoder's weights and an inventory, without torch."""
    from alliancekit.extras import require  # noqa: PLC0415 - as below

    require("build", *BUILD_PACKAGES)
    from alliancekit.model.build import build_bundle  # noqa: PLC0415 - loads onnx, which only this command needs

    build_bundle(
        encoder=encoder,
        inventory=inventory,
        output=output,
        storage=storage.value,
        max_tokens=max_tokens,
        progress=lambda phrase: typer.echo(phrase, err=True),
    )
    typer.echo(f"The bundle is in {output}.", err=True)
