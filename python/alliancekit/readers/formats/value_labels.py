"""Value labels: what the numbers of a statistics package's variable stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit.labels import listing
from alliancekit.readers.formats.delimited_types import AS_TEXT
from alliancekit.readers.presets import mapping_of
from alliancekit.readers.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions


def labelled(
    frame: pl.DataFrame, labels: Mapping[str, Mapping[int | float, str]], path: Path, options: ReadOptions
) -> tuple[pl.DataFrame, tuple[Problem, ...]]:
    """Give the table with labels for codes, and say which columns hold which.

    Args:
        frame: codes as integers, floats or strings.
        labels: column → code → label.
        path: the file, for problems.
        options: tell which column is which.

    Returns:
        The table: where each value has a label, ``NAME`` holds the labels and ``NAME_code`` the codes; where only some
        have, ``NAME`` the codes and ``NAME_label`` the labels. Names, ids and the condition hold labels in any case,
        and the code where there is no label.

    """
    mapping = mapping_of(frame.columns, options)
    as_text = {mapping.get(canonical, canonical) for canonical in AS_TEXT}
    codes: dict[str, str] = {}
    names: dict[str, str] = {}
    columns: list[pl.Series] = []
    for column in frame:
        found = _labels_of(column, labels.get(column.name, {}))
        if found is None:
            columns.append(column)
            continue
        bare = (found.is_null() & column.is_not_null()).any()
        if bare and column.name not in as_text:
            names[column.name] = _free(f"{column.name}_label", frame.columns)
            columns += [column, found.alias(names[column.name])]
        else:
            codes[column.name] = _free(f"{column.name}_code", frame.columns)
            filled = found.to_frame().select(pl.coalesce(pl.col(column.name), column.cast(pl.String))).to_series()
            columns += [filled.alias(column.name), column.alias(codes[column.name])]
    return pl.DataFrame(columns), tuple(_said(codes, names, path))


def _labels_of(column: pl.Series, labels: Mapping[int | float, str]) -> pl.Series | None:
    """Give the label of each value, null where it has none; None for a column without labels."""
    number = column.dtype.is_numeric()
    if not number and column.dtype != pl.String:
        return None
    # Keys of another kind stand for Stata's kinds of missing values, which are null in the data.
    known = {code: label for code, label in labels.items() if isinstance(code, (int, float)) == number}
    if not known or column.is_null().all():
        return None
    if number:
        # As floats: SPSS labels 1.0, and the column of whole numbers has 1.
        by_number = {float(code): label for code, label in known.items() if isinstance(code, (int, float))}
        found = column.cast(pl.Float64).replace_strict(by_number, default=None, return_dtype=pl.String)
    else:
        found = column.replace_strict(known, default=None, return_dtype=pl.String)
    return None if found.is_null().all() else found


def _free(name: str, taken: list[str]) -> str:
    while name in taken:
        name += "_"
    return name


def _said(codes: Mapping[str, str], names: Mapping[str, str], path: Path) -> Iterator[Problem]:
    if codes:
        message = f"{listing(codes)}: labels were taken for the values; the codes are in {listing(codes.values())}."
        yield Problem(path, None, next(iter(codes)), "value_labels", message)
    if names:
        message = f"{listing(names)}: only some values have a label; the labels are in {listing(names.values())}."
        yield Problem(path, None, next(iter(names)), "value_labels_partial", message)
