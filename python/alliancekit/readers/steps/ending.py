"""What a step has to say when a file has been gone through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from alliancekit.readers.protocol import Table

if TYPE_CHECKING:
    from alliancekit.readers.problem import Problem


def ending(last: pl.DataFrame, *problems: Problem) -> Table:
    """Make a table of problems only, with the columns of the file's last one.

    >>> ending(pl.DataFrame({"text": ["Yes."]})).frame.shape
    (0, 1)
    """
    return Table(last.clear(), pl.Series([], dtype=pl.UInt32), problems)
