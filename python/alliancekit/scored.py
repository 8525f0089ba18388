"""A table of scores as a file: what made it is kept with it, and it reads back with its scales."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.errors import DataError
from alliancekit.files import plain_cells, write_table
from alliancekit.readers.formats.parquet import scan
from alliancekit.readers.options import ReadOptions
from alliancekit.readers.registry import reader_for

if TYPE_CHECKING:
    from os import PathLike

PARQUET: Final = frozenset({".parquet", ".pq"})
KEY: Final = "alliancekit"
"""Key of the metadata that a scored Parquet file carries; the value is a `Provenance` in JSON."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a table of scores was made with.

    Attributes:
        version: of alliancekit.
        scales: names of the score columns, in the bundle's order.
        forms: `own` or `all`.
        method: e.g. `contrast`.
        bundle_sha256: hash of the bundle's `bundle.json`, in hexadecimal.

    """

    version: str
    scales: tuple[str, ...]
    forms: str
    method: str
    bundle_sha256: str


def write_scored(frame: pl.DataFrame, path: str | PathLike[str], provenance: Provenance) -> None:
    """Write a table of scores as Parquet, with its provenance, or as CSV, which cannot hold that.

    Raises as `alliancekit.files.write_table` does.
    """
    write_table(frame, Path(path), metadata={KEY: json.dumps(asdict(provenance))})


def read_scored(path: str | PathLike[str]) -> tuple[pl.DataFrame, tuple[str, ...] | None]:
    """Read a table of scores.

    Args:
        path: a Parquet, CSV, TSV or JSON lines file. Ids of text files are strings, as in `read`.

    Returns:
        The table, and the scales that its metadata names; None where there is none (text files, files of others).

    Raises:
        FileAccessError: the file cannot be opened.
        DataError: it cannot be understood.

    >>> import tempfile
    >>> made = Provenance("0.1.0", ("task",), "own", "contrast", "")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_scored(pl.DataFrame({"session_id": ["a"], "task": [0.5]}), f"{folder}/scores.parquet", made)
    ...     read_scored(f"{folder}/scores.parquet")[1]
    ('task',)

    """
    path = Path(path)
    tables = reader_for(path).tables(path, ReadOptions())
    frame = pl.concat([table.frame for table in tables])
    if path.suffix.lower() == ".csv":
        return plain_cells(frame), None
    return frame, _scales(path) if path.suffix.lower() in PARQUET else None


def scan_scored(path: str | PathLike[str]) -> tuple[pl.LazyFrame, tuple[str, ...] | None]:
    """Give what `read_scored` does, without reading the rows of a Parquet file yet.

    Damage inside the file shows when they are read: collect within `alliancekit.readers.parquet.damage_named`.

    Raises:
        FileAccessError: the file cannot be opened.
        DataError: it cannot be understood, or has no rows.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     pl.DataFrame({"session_id": ["a"], "task": [0.5]}).write_parquet(f"{folder}/scores.parquet")
    ...     scan_scored(f"{folder}/scores.parquet")[0].select("task").collect().item()
    0.5

    """
    path = Path(path)
    if path.suffix.lower() not in PARQUET:
        frame, scales = read_scored(path)
        return frame.lazy(), scales
    table, rows = scan(path)
    if rows == 0:
        raise DataError(f"{path}: the file has columns and no rows.")
    return table, _scales(path)


def provenance_of(path: str | PathLike[str]) -> Provenance | None:
    """Give what a table of scores was made with; None where the file does not say (text files, files of others).

    Raises:
        DataError: it says it in a way that is not ours.

    """
    path = Path(path)
    text = pl.read_parquet_metadata(path).get(KEY) if path.suffix.lower() in PARQUET else None
    if text is None:
        return None
    try:
        found = json.loads(text)
        scales = tuple(str(scale) for scale in found["scales"])
        others = {name: str(found[name]) for name in ("version", "forms", "method", "bundle_sha256")}
        return Provenance(scales=scales, **others)
    except (ValueError, TypeError, KeyError):
        raise DataError(f"{path}: the metadata under '{KEY}' is not that of a scored file. Score it again.") from None


def _scales(path: Path) -> tuple[str, ...] | None:
    made = provenance_of(path)
    return None if made is None else made.scales
