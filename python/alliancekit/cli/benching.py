"""The work of `alliance bench`: texts, measurements, the table, JSON, the picture."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import typer

from alliancekit import schema
from alliancekit.bench.corpus import bench_texts
from alliancekit.bench.run import run_bench
from alliancekit.cli.bench_table import print_bench
from alliancekit.cli.output_file import check_output
from alliancekit.extras import require
from alliancekit.readers import read
from alliancekit.runtime import checked_threads
from alliancekit.scorer import PACKAGED_BUNDLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def run_and_show(  # noqa: PLR0913 - each is a choice of the user, by name
    file: Path | None,
    bundle: Path | None,
    threads: int | None,
    precisions: Sequence[str],
    *,
    turns: int,
    runs: int,
    seed: int,
    as_json: bool,
    plot: Path | None,
    force: bool,
) -> None:
    """Measure and show; what cannot be drawn is refused before the work."""
    if plot is not None:
        require("report", "matplotlib")
        check_output(plot, force=force, suffixes=(".svg", ".pdf", ".png"))
    texts, name = _texts(file, turns, seed)
    found = run_bench(
        bundle or PACKAGED_BUNDLE,
        texts,
        name=name,
        threads=checked_threads(threads),
        precisions=precisions,
        runs=runs,
        said=_say,
    )
    if plot is not None:
        from alliancekit.bench.picture import picture  # noqa: PLC0415 - needs an extra

        picture(found).save(plot)
    if as_json:
        typer.echo(json.dumps(found.to_json(), indent=2))
    else:
        print_bench(found)


def _texts(file: Path | None, turns: int, seed: int) -> tuple[list[str | None], str]:
    if file is None:
        return list(bench_texts(turns, seed=seed)), f"texts of ours, seed {seed}"
    said: list[str | None] = read(file).turns[schema.TEXT].head(turns).to_list()
    return said, file.name


def _say(what: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{what} …")
        sys.stderr.flush()
