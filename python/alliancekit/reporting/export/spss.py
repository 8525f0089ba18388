"""An SPSS file: variables with labels, categories as numbers with value labels, levels of measurement."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit.errors import DataError
from alliancekit.extras import require
from alliancekit.files import write_bytes
from alliancekit.labels import printable, quoted
from alliancekit.reporting.export.meanings import CATEGORIES, MEANINGS
from alliancekit.reporting.export.names import LONGEST_LABEL, LONGEST_VALUE_LABEL, shortened, variable_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAGIC: Final = b"$FL2"
CREATED: Final = slice(92, 109)
"""Bytes of a file's header that hold day and time of its creation (PSPP, System File Format: File Header Record)."""

NO_TIME: Final = b"01 Jan 7000:00:00"
LONGEST_STRING: Final = 32767


def require_spss() -> None:
    """Say what to install where the library is missing."""
    require("spss", "pyreadstat")


def write_sav(table: pl.DataFrame, path: Path, *, categories: Sequence[str] = ()) -> None:
    """Write a table as ``.sav``, atomically, the same bytes for the same table.

    Args:
        table: without lists.
        path: the file; an existing one is replaced.
        categories: columns of words that become numbers with value labels, besides role, condition and the like.

    Raises:
        MissingExtraError: pyreadstat is not installed: ``pip install 'alliancekit[spss]'``.
        DataError: a string is longer than SPSS can hold.
        FileAccessError: the file system refuses.

    """
    require_spss()
    import pyreadstat  # noqa: PLC0415 - an extra

    names = variable_names(table.columns)
    coded = [name for name in dict.fromkeys((*CATEGORIES, *categories)) if _is_words(table, name)]
    levels = {name: table[name].cast(pl.String).unique().drop_nulls().sort().to_list() for name in coded}
    values = table.with_columns(*(_codes(name, found) for name, found in levels.items()), *_plain(table, coded))
    _check_lengths(values)
    truths = [name for name, dtype in table.schema.items() if dtype == pl.Boolean]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "table.sav")
        pyreadstat.write_sav(
            values.rename(names),
            file,
            column_labels=_variable_labels(names),
            variable_value_labels={
                **{names[name]: _value_labels(found) for name, found in levels.items()},
                **{names[name]: {0: "no", 1: "yes"} for name in truths},
            },
            variable_measure={new: _measure(table, old, coded) for old, new in names.items()},
        )
        content = file.read_bytes()
    write_bytes(_without_time(content), path)


def _variable_labels(names: Mapping[str, str]) -> dict[str, str | None]:
    return {new: shortened(MEANINGS.get(old, printable(old)), LONGEST_LABEL) for old, new in names.items()}


def _is_words(table: pl.DataFrame, name: str) -> bool:
    return name in table.columns and table.schema[name] in (pl.String, pl.Categorical, pl.Enum)


def _codes(name: str, levels: Sequence[str]) -> pl.Expr:
    numbers = range(1, len(levels) + 1)
    return pl.col(name).cast(pl.String).replace_strict(levels, list(numbers), return_dtype=pl.Int32)


def _plain(table: pl.DataFrame, coded: Sequence[str]) -> list[pl.Expr]:
    """Give columns in types that the library writes: whole numbers that may exceed 32 bits as floats."""
    found = []
    for name, dtype in table.schema.items():
        if name in coded:
            continue
        if dtype == pl.Boolean:
            found.append(pl.col(name).cast(pl.Int32))
        elif dtype.is_numeric():
            found.append(pl.col(name).cast(pl.Float64))
        else:
            found.append(pl.col(name).cast(pl.String))
    return found


def _value_labels(levels: Sequence[str]) -> dict[int | float, str]:
    return {at: shortened(printable(level), LONGEST_VALUE_LABEL) for at, level in enumerate(levels, start=1)}


def _measure(table: pl.DataFrame, name: str, coded: Sequence[str]) -> str:
    dtype = table.schema[name]
    return "nominal" if name in coded or not dtype.is_numeric() else "scale"


def _check_lengths(values: pl.DataFrame) -> None:
    for name, dtype in values.schema.items():
        longest = values[name].str.len_bytes().max() if dtype == pl.String else None
        if isinstance(longest, int) and longest > LONGEST_STRING:
            raise DataError(
                f"a value of {quoted(name)} has {longest:,} bytes, and SPSS holds {LONGEST_STRING:,}; drop the column."
            )


def _without_time(content: bytes) -> bytes:
    """Take out when the file was made, so that the same table gives the same bytes."""
    if not content.startswith(MAGIC):
        raise DataError("pyreadstat wrote no SPSS file; please report it with the output of `alliance doctor`.")
    return content[: CREATED.start] + NO_TIME + content[CREATED.stop :]
