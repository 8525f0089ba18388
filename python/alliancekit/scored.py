"""A table of scores as a file: what made it is kept with it, and it reads back with its scales."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from alliancekit._native import __version__
from alliancekit.errors import DataError
from alliancekit.files import plain_cells, write_table
from alliancekit.readers.formats.parquet import scan
from alliancekit.readers.options import ReadOptions
from alliancekit.readers.registry import reader_for

if TYPE_CHECKING:
    from os import PathLike

    from alliancekit.scorer import Scorer

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


def provenance(scorer: Scorer, forms: str) -> Provenance:
    """Say what the scorer's tables are made with."""
    return Provenance(__version__, scorer.scales, forms, scorer.method or "", scorer.bundle_sha256)


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
    """Give what `read_scored` does, without reading the rows of a Parquet file or a folder of parts yet.

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
    if path.is_dir():
        from alliancekit.corpus import scales_of, scan_scores  # noqa: PLC0415 - it writes its parts with this module

        return scan_scores(path), scales_of(path)
    if path.suffix.lower() not in PARQUET:
        frame, scales = read_scored(path)
        return frame.lazy(), scales
    table, rows = scan(path)
    if rows == 0:
        raise DataError(f"{path}: the file has columns and no rows.")
    return table, _scales(path)


def read_provenance(path: str | PathLike[str]) -> Provenance | None:
    """Read what a table of scores was made with; None where the file does not say. A folder's parts all say the same.

    Raises:
        DataError: what it says is damaged; for a folder, also as `scan_scored`.

    """
    path = Path(path)
    if path.is_dir():
        from alliancekit.corpus import parts_of  # noqa: PLC0415 - as above

        path = parts_of(path)[0]
    values = _metadata(path) if path.suffix.lower() in PARQUET else None
    if values is None:
        return None
    try:
        texts = {name: str(values[name]) for name in ("version", "forms", "method", "bundle_sha256")}
        return Provenance(scales=tuple(map(str, values["scales"])), **texts)
    except (TypeError, KeyError):
        raise _foreign(path) from None


def _scales(path: Path) -> tuple[str, ...] | None:
    values = _metadata(path)
    if values is None:
        return None
    try:
        return tuple(str(scale) for scale in values["scales"])
    except (TypeError, KeyError):
        raise _foreign(path) from None


def _metadata(path: Path) -> dict[str, Any] | None:
    text = pl.read_parquet_metadata(path).get(KEY)
    if text is None:
        return None
    try:
        values: dict[str, Any] = json.loads(text)
    except ValueError:
        raise _foreign(path) from None
    return values


def _foreign(path: Path) -> DataError:
    return DataError(f"{path}: the metadata under '{KEY}' is not that of a scored file. Score it again.")
