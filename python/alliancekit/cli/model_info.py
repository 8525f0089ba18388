"""`alliance model info`: what a bundle says of itself."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from alliancekit.model import Manifest


def info(
    bundle: Annotated[Path | None, typer.Argument(help="Folder of a model bundle; the packaged one otherwise.")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="Print bundle.json as it is.")] = False,
) -> None:
    """Print a bundle's scales, methods, limits, where its weights come from, and its model card."""
    # What only this command needs is imported here, so that `alliance --help` is quick.
    from alliancekit.cli.tables import print_table  # noqa: PLC0415
    from alliancekit.model.bundle import load_manifest, read_manifest  # noqa: PLC0415
    from alliancekit.model.manifest import CARD_FILE  # noqa: PLC0415
    from alliancekit.scorer import PACKAGED_BUNDLE  # noqa: PLC0415

    path = bundle or PACKAGED_BUNDLE
    if as_json:
        typer.echo(json.dumps(read_manifest(path), indent=2))
    else:
        print_table(["entry", "value"], [("bundle", str(path)), *_rows(load_manifest(path))])
        card = path / CARD_FILE
        if card.is_file():
            typer.echo(f"\n{card.read_text(encoding='utf-8')}", nl=False)


def _rows(manifest: "Manifest") -> list[tuple[str, str]]:
    weights, inventory = manifest.weights, manifest.inventory
    return [
        ("name", manifest.name),
        ("scales", ", ".join(manifest.scales)),
        ("forms", ", ".join(manifest.forms)),
        ("items", str(len(manifest.items))),
        ("methods", f"{', '.join(manifest.methods)} (default: {manifest.default_method})"),
        ("token limit", str(manifest.max_tokens)),
        ("pooling", manifest.pooling),
        ("embedding size", str(manifest.embedding_size)),
        ("weights", f"{weights.source} ({weights.license}), stored as {weights.storage}"),
        ("inventory", f"{inventory.name} {inventory.version} ({inventory.license})"),
        *(
            (f"fidelity {name}", f"cosine >= {found.embedding_min_cosine:.7f}")
            for name, found in manifest.fidelity.items()
        ),
        *((name, f"sha256 {record.sha256}") for name, record in manifest.files.items()),
    ]
