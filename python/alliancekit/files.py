"""Files that are either whole or not there, and how tables are written to them."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING, BinaryIO, Final, cast

import polars as pl

from alliancekit.errors import DataError, FileAccessError, ParameterError
from alliancekit.labels import listing
from alliancekit.storage import DISK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from alliancekit.storage import Storage

TABLE_SUFFIXES: Final = (".parquet", ".csv")
FORMULA: Final = r"^'*[=+\-@\t\r]"
"""Cells that a spreadsheet would run, and those that begin with the apostrophes that prevent it."""


TEMPORARY: Final = ".alliancekit-{}.tmp"
"""Names of files that are being written; what a killed process leaves behind has such a name."""


def write_atomically(path: Path, write: Callable[[BinaryIO], object], *, storage: Storage = DISK) -> None:
    """Write a file so that at any instant `path` holds the old content or all of the new.

    The content goes to a temporary name in the same folder and to the disk, then the name is changed and the folder
    goes to the disk too. On an error, `KeyboardInterrupt` included, the temporary file is removed. A symbolic link
    is followed.

    Args:
        path: the file; an existing one is replaced.
        write: writes the content to the open file that it is given.
        storage: takes the steps.

    Raises:
        FileAccessError: the file system refuses: no such folder, no permission, disk full.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomically(Path(folder, "a.txt"), lambda file: print(file.write(b"whole")))
    ...     Path(folder, "a.txt").read_text()
    5
    'whole'

    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(TEMPORARY.format(secrets.token_hex(8)))
    try:
        with storage.open(temporary) as file:
            write(file)
            storage.sync(file)
        storage.rename(temporary, target)
        storage.sync_folder(target.parent)
    except OSError as error:
        raise refused(path, error) from None
    finally:
        # A disk that refuses this too has refused before, and that is what is to be said.
        with suppress(OSError):
            storage.remove(temporary)


def write_bytes(content: bytes, path: Path, *, storage: Storage = DISK) -> None:
    """Write content that is at hand, as `write_atomically` does.

    Raises:
        FileAccessError: the file system refuses.

    """
    write_atomically(path, lambda file: file.write(content), storage=storage)


def refused(path: Path, error: OSError) -> FileAccessError:
    """Make the error for a file that the file system does not let be written."""
    return FileAccessError(f"{path}: cannot be written: {error.strerror or type(error).__name__}.")


def write_table(frame: pl.DataFrame, path: Path, *, metadata: Mapping[str, str] | None = None) -> None:
    """Write a table as Parquet or CSV, by the suffix of `path`, atomically.

    In a CSV, a string (column names included) that begins with ``=``, ``+``, ``-``, ``@``, a tab or a carriage return
    is written with an apostrophe before it, since spreadsheets run such cells; so is one that begins with apostrophes
    and then such a mark, so that `plain_cells` gives every string back. Numbers are written as they are.

    Args:
        frame: the table.
        path: ends in ``.parquet`` or ``.csv``.
        metadata: key-value pairs for the Parquet file; a CSV has no place for them.

    Raises:
        ParameterError: another suffix.
        DataError: nested columns, which a CSV cannot hold.
        FileAccessError: the file system refuses.

    """
    check_writable(frame.schema, path)
    if path.suffix.lower() == ".csv":
        safe = _safe_cells(frame)
        write_atomically(path, lambda file: safe.write_csv(cast("IO[bytes]", file)))
    else:
        pairs = dict(metadata or {})
        write_atomically(path, lambda file: frame.write_parquet(cast("IO[bytes]", file), metadata=pairs))


def check_writable(columns: pl.Schema, path: Path) -> None:
    """Refuse a table that cannot be written to `path`, before hours go into making it.

    >>> check_writable(pl.Schema({"meta": pl.List(pl.Int64)}), Path("scores.csv"))
    Traceback (most recent call last):
    alliancekit.errors.DataError: scores.csv: a CSV cannot hold the nested columns 'meta'. Write .parquet, or ...

    """
    if path.suffix.lower() not in TABLE_SUFFIXES:
        raise ParameterError(f"{path}: a table is written to a file that ends in {' or '.join(TABLE_SUFFIXES)}.")
    nested = [name for name, dtype in columns.items() if dtype.is_nested() or dtype == pl.Object]
    if nested and path.suffix.lower() == ".csv":
        raise DataError(
            f"{path}: a CSV cannot hold the nested columns {listing(nested)}. Write .parquet, or drop them."
        )


def plain_cells(frame: pl.DataFrame) -> pl.DataFrame:
    """Take off the apostrophes that `write_table` put before the strings of a CSV.

    >>> plain_cells(pl.DataFrame({"text": ["'=1", "''=1", "'tis", None]}))["text"].to_list()
    ['=1', "'=1", "'tis", None]

    """
    guarded = r"^'('*[=+\-@\t\r])"
    cells = frame.with_columns(_strings(frame).str.replace(guarded, "$1"))
    return cells.rename(dict(zip(frame.columns, _replaced(frame.columns, guarded, "$1"), strict=True)))


def _safe_cells(frame: pl.DataFrame) -> pl.DataFrame:
    cells = frame.with_columns(_strings(frame).cast(pl.String).str.replace(f"({FORMULA})", "'$1"))
    return cells.rename(dict(zip(frame.columns, _replaced(frame.columns, f"({FORMULA})", "'$1"), strict=True)))


def _strings(frame: pl.DataFrame) -> pl.Expr:
    return pl.col([name for name, dtype in frame.schema.items() if dtype in (pl.String, pl.Categorical, pl.Enum)])


def _replaced(names: list[str], pattern: str, value: str) -> Iterator[str]:
    return iter(pl.Series(names, dtype=pl.String).str.replace(pattern, value).to_list())
