"""A file of completed ratings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit.errors import DataError, FileAccessError

if TYPE_CHECKING:
    from pathlib import Path


def read_ratings(path: Path) -> pl.DataFrame:
    """Read ratings from CSV or Parquet; ids stay texts.

    Raises:
        FileAccessError: there is no such file.
        DataError: it cannot be read as what its name says.

    """
    if not path.is_file():
        raise FileAccessError(f"{path}: there is no such file. Name the table of ratings (CSV or Parquet).")
    try:
        if path.suffix.lower() == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema_length=None, schema_overrides={"session_id": pl.String})
    except pl.exceptions.PolarsError:
        # Without the message of Polars: it can quote the file.
        raise DataError(f"{path}: cannot be read as a table of ratings; save it as CSV (UTF-8) or Parquet.") from None
