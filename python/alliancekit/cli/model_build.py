"""`alliance model build`: an encoder and an inventory to a model bundle."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

BUILD_PACKAGES = ("onnx", "safetensors")


class Pooled(StrEnum):
    """How a text's token vectors become one."""

    MEAN = "mean"
    CLS = "cls"


class Storage(StrEnum):
    """Precision of the weights in the bundle."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"


def build(  # noqa: PLR0913 - each is an option of the command
    *,
    encoder: Annotated[
        Path | None,
        typer.Option(
            help="Hugging Face folder (config.json, model.safetensors, tokenizer.json), or a bundle whose encoder is "
            "taken; the packaged bundle otherwise."
        ),
    ] = None,
    inventory: Annotated[Path, typer.Option(help="Inventory file (TOML).")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the bundle; a bundle there is replaced.")],
    storage: Annotated[Storage, typer.Option(help="Precision of the stored weights.")] = Storage.FLOAT32,
    max_tokens: Annotated[
        int | None, typer.Option(min=1, help="Tokens read of a turn; the encoder's own limit otherwise.")
    ] = None,
    pooling: Annotated[Pooled | None, typer.Option(help="How token vectors become one; as the folder says.")] = None,
    prefix: Annotated[str, typer.Option(help="Put before every text, as E5 encoders want it ('query: ').")] = "",
    onnx: Annotated[
        Path | None, typer.Option(help="An ONNX encoder of your own, in the place of model.safetensors.")
    ] = None,
    adaptation: Annotated[
        Path | None, typer.Option(help="A file of adapted layers made for this encoder; `gated` reads them.")
    ] = None,
    measure: Annotated[
        bool,
        typer.Option(
            "--measure",
            help="With the encoder of a bundle: measure the faster precisions too (a minute), so that auto takes them.",
        ),
    ] = False,
) -> None:
    """Build a model bundle from an encoder's weights and an inventory, without torch."""
    from alliancekit.extras import require  # noqa: PLC0415 - as below

    require("build", *BUILD_PACKAGES)
    from alliancekit.model.build import build_bundle, rebuild_inventory  # noqa: PLC0415 - loads onnx, needed here only
    from alliancekit.model.manifest import MANIFEST_FILE  # noqa: PLC0415
    from alliancekit.scorer import PACKAGED_BUNDLE  # noqa: PLC0415

    folder = encoder or PACKAGED_BUNDLE
    if (folder / MANIFEST_FILE).is_file():
        _refuse_encoder_options(storage, max_tokens, pooling, prefix, onnx, adaptation)
        rebuild_inventory(folder, inventory, output, measure=measure, progress=_say)
    else:
        build_bundle(
            encoder=folder,
            inventory=inventory,
            output=output,
            storage=storage.value,
            max_tokens=max_tokens,
            pooling=pooling.value if pooling else None,
            prefix=prefix,
            onnx=onnx,
            adaptation=adaptation,
            progress=_say,
        )
    typer.echo(f"The bundle is in {output}.", err=True)


def _say(phrase: str) -> None:
    typer.echo(phrase, err=True)


def _refuse_encoder_options(storage: Storage, *others: object) -> None:
    if storage != Storage.FLOAT32 or any(others):
        msg = "the encoder is taken from a bundle as it is; give its Hugging Face folder to build it in another way."
        raise typer.BadParameter(msg)
