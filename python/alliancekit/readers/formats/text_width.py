"""Texts that a statistics package may have cut: those that fill the most that its variable holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from alliancekit import schema
from alliancekit.readers.presets import mapping_of
from alliancekit.readers.problem import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from alliancekit.readers.options import ReadOptions

LIMITS: Final = (80, 244, 255, 2045, 32767)
"""The most bytes of a string in versions of Stata (80, 244, 2045) and SPSS (255, 32767)."""
CHARACTER: Final = 4
"""The most bytes of a character: where none fits any more, the text ends up to three earlier."""


def narrow_text(
    frame: pl.DataFrame, widths: Mapping[str, int], path: Path, options: ReadOptions
) -> tuple[Problem, ...]:
    """Warn of texts that fill a variable which is as wide as any in that version of the package."""
    name = mapping_of(frame.columns, options).get(schema.TEXT, schema.TEXT)
    if name not in frame.columns or frame[name].dtype != pl.String:
        return ()
    longest = frame[name].str.len_bytes()
    width = widths.get(name, 0)
    limit = next((limit for limit in LIMITS if width in (limit, limit + 1)), None)  # Stata's ends with a NUL
    if limit is None:
        return ()
    full = (longest > limit - CHARACTER).fill_null(value=False)
    if not full.any():
        return ()
    first = (full.arg_max() or 0) + 1
    message = f"{full.sum()} texts, this one first, fill their variable ({limit} bytes) and may be cut off."
    return (Problem(path, first, name, "text_may_be_cut", message, "warning"),)
