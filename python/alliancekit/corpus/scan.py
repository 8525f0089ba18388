"""The scores of a complete run as one table that is read when it is needed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from alliancekit.corpus.manifest import read_manifest
from alliancekit.errors import DataError, IntegrityError

if TYPE_CHECKING:
    from os import PathLike


def scan_scores(output: str | PathLike[str]) -> pl.LazyFrame:
    r"""Give the scores of a complete run, parts in order, without reading their rows yet.

    A column that not all parts have is null where it is missing; one of several types has a type for all, as in `read`.

    Raises:
        FileAccessError: there is no complete run.
        IntegrityError: the manifest is damaged, or a part is missing or has another size (`verify_corpus` hashes all).
        DataError: no turn is in it.

    >>> import tempfile
    >>> from alliancekit.corpus import score_corpus
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     _ = Path(folder, "talk.csv").write_text("role,text\nclient,Hello.\n")
    ...     made = score_corpus(f"{folder}/talk.csv", f"{folder}/scores", threads=1)
    ...     scan_scores(made.folder).select("role", "n_tokens").collect().row(0)
    ('patient', 4)

    """
    parts = parts_of(output)
    return pl.concat([pl.scan_parquet(path, glob=False) for path in parts], how="diagonal_relaxed")


def parts_of(output: str | PathLike[str]) -> list[Path]:
    """Give the parts of a complete run that have turns, in order, at least one.

    Raises as `scan_scores` does.
    """
    folder = Path(output)
    manifest = read_manifest(folder)
    sizes = {folder / part["name"]: part["bytes"] for part in manifest["parts"] if part["turns"]}
    for path, size in sizes.items():
        if not path.is_file() or path.stat().st_size != size:
            raise IntegrityError(f"{path}: is missing, or not the file that was written. Copy it again.")
    if not sizes:
        raise DataError(f"{folder}: the run has no turns.")
    return list(sizes)


def scales_of(output: str | PathLike[str]) -> tuple[str, ...]:
    """Give the scales of a complete run, in the bundle's order.

    Raises as `scan_scores` does.
    """
    return tuple(str(scale) for scale in read_manifest(Path(output))["scales"])
